import { foundRobot } from '../../lib/settings/accounts';
import { MANAGED } from '../../lib/settings/managed';
import { foundRegistry, foundReplication } from '../../lib/settings/registries';
import { foundRetention } from '../../lib/settings/rules';
import { marked, signIn } from '../../lib/settings/session';
import { foundAllowlist, harborAllowlist } from '../../lib/settings/system';

/** Answers of a real Harbor 2.15.2, and what they are in the words of the plan. */
describe('what Harbor returns differently', () => {
  it('a replication policy: speed 0 for -1, no destination namespace, the local side as a registry, two words for deletion', () => {
    const policy = {
      id: 1,
      name: 'to-b',
      description: MANAGED,
      copy_by_chunk: false,
      dest_namespace_replace_count: 0,
      dest_registry: { id: 1, name: 'b' },
      enabled: true,
      filters: [{ type: 'name', value: 'p1/**' }],
      override: true,
      single_active_replication: false,
      speed: 0,
      src_registry: { id: 0, name: 'Local' },
      trigger: { type: 'event_based' },
    };
    const state = {
      registry: 'b',
      repositories: 'p1/**',
      trigger: 'event_based',
      destinationNamespace: '',
      replaceCount: 0,
      deletion: false,
      speed: 0,
      enabled: true,
      overwrites: true,
      oneAtATime: false,
      managed: true,
    };
    expect(foundReplication(policy)).toEqual({ id: 1, ours: true, state });
    expect(foundReplication({ ...policy, speed: -1, deletion: true, replicate_deletion: true }).state).toEqual({
      ...state,
      deletion: true,
    });
    const scheduled = { type: 'scheduled', trigger_settings: { cron: '0 17 * * * *' } };
    expect(foundReplication({ ...policy, trigger: scheduled }).state.trigger).toBe('0 17 * * * *');
  });

  it('a policy with more than the plan has words for is different, never equal by chance', () => {
    const policy = { id: 1, name: 'x', enabled: true, dest_registry: { id: 1, name: 'b' } };
    const filters = [
      { type: 'name', value: 'p1/**' },
      { type: 'tag', value: 'v*' },
    ];
    expect(foundReplication({ ...policy, filters }).state.repositories).toBe(JSON.stringify(filters));
    const pull = {
      ...policy,
      dest_registry: { id: 0, name: 'Local' },
      src_registry: { id: 3, name: 'hub' },
      filters: null,
    };
    expect(foundReplication(pull).state).toMatchObject({ registry: 'from hub', trigger: 'manual', managed: false });
  });

  it('a robot: access in any order, denials, system rights', () => {
    const robot = {
      id: 1,
      name: 'robot$ci',
      level: 'system',
      duration: -1,
      permissions: [
        {
          kind: 'project',
          namespace: 'p',
          access: [
            { resource: 'repository', action: 'push' },
            { resource: 'repository', action: 'pull', effect: 'deny' },
          ],
        },
        { kind: 'system', namespace: '/', access: [{ resource: 'project', action: 'list' }] },
      ],
    };
    expect(foundRobot(robot, 'as planned')).toEqual({
      enabled: true,
      expires: false,
      permissions: ['p: repository pull (denied)', 'p: repository push', 'system /: project list'],
      managed: false,
      password: 'as planned',
    });
    expect(foundRobot({ ...robot, disable: true, duration: 30, permissions: undefined }, 'x')).toMatchObject({
      enabled: false,
      expires: true,
      permissions: [],
    });
  });

  it('a registry: the sign of its password stands in its description', () => {
    const registry = {
      id: 1,
      name: 'b',
      type: 'harbor',
      url: 'https://b',
      credential: { access_key: 'admin', access_secret: '*****' },
    };
    expect(foundRegistry({ ...registry, description: marked('0123456789ab') })).toMatchObject({
      ours: true,
      state: { username: 'admin', password: '0123456789ab', insecure: false, ca: '', managed: true },
    });
    expect(foundRegistry({ ...registry, description: 'theirs' })).toMatchObject({
      ours: false,
      state: { password: '', managed: false },
    });
    expect(signIn(marked(undefined))).toBeUndefined();
  });

  it('a retention policy: parameters called like their template, JSON in texts, rules in any order', () => {
    const selectors = (tags: string, extras: string, decoration = 'matches') => ({
      tag_selectors: [{ kind: 'doublestar', decoration, pattern: tags, extras }],
      scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
    });
    const rules = [
      { template: 'latestPushedK', params: { latestPushedK: 5 }, ...selectors('**', '{"untagged":true}') },
      { template: 'always', params: null, ...selectors('v*', '{"untagged":false}', 'excludes'), disabled: true },
    ];
    const found = foundRetention({ trigger: { settings: { cron: '0 0 4 * * *' } }, rules });
    expect(found).toEqual({
      cron: '0 0 4 * * *',
      rules: ['(off) always of **:all but v*', 'latestPushedK 5 of **:** and what has no tag'],
    });
    expect(foundRetention({ rules: [...rules].reverse() }).rules).toEqual(found.rules);
  });

  it('an allow-list: null for empty, and for never', () => {
    expect(foundAllowlist({ items: null, expires_at: null })).toEqual({ cves: [], expiresAt: 0 });
    expect(foundAllowlist(undefined)).toEqual({ cves: [], expiresAt: 0 });
    const list = { cves: ['CVE-1-1', 'CVE-2-2'], expiresAt: 5 };
    expect(foundAllowlist(harborAllowlist(list))).toEqual(list);
    expect(harborAllowlist({ cves: [] })).toEqual({ items: [], expires_at: null });
  });
});
