import type { TopologyProps } from '../../lib/index';
import { obtainCluster, type TestCluster } from './support/cluster';
import { Installation } from './support/installation';
import { loadNode, NODE_IMAGE } from './support/node-image';
import { eventually } from './support/process';

/** By the changes that the test makes, and by hand: a run that is scheduled could come before either. */
const RECONCILE = { image: NODE_IMAGE, schedule: '0 0 29 2 *' };

describe("a Harbor's settings, in its cluster", () => {
  let cluster: TestCluster;
  let installation: Installation;

  beforeAll(async () => {
    cluster = await obtainCluster({ nodes: 1 });
    installation = new Installation(cluster, 'virginia', 'registry.example.com');
    await loadNode(cluster);
  });
  afterAll(async () => {
    installation?.remove();
    await cluster?.down();
  });

  const topology = (more: Partial<TopologyProps> = {}): TopologyProps => ({
    domain: 'registry.example.com',
    images: { harbor: cluster.images.harbor, kraken: cluster.images.kraken },
    regions: {
      virginia: {
        storage: {
          type: 'nas',
          storageClass: process.env.E2E_STORAGE_CLASS ?? 'standard',
          accessMode: 'ReadWriteOnce',
        },
        trivy: { enabled: false },
        check: { enabled: false },
        kraken: false,
        nodeMirror: false,
        // TLS between components too: the script must trust what it talks to.
        internalTls: { type: 'provided' },
      },
    },
    settings: { banner: 'first', reconcile: RECONCILE },
    robots: { ci: { push: ['payments'] } },
    projects: { payments: { quota: '1Gi', immutability: [{ tags: 'v*' }] } },
    ...more,
  });

  const jobs = async (): Promise<readonly { name: string; succeeded: number; failed: number }[]> => {
    const text = await cluster.kubectl.run(['get', 'jobs', '-n', 'harbor', '-o', 'json']);
    const { items } = JSON.parse(text) as {
      items: { metadata: { name: string }; status: { succeeded?: number; failed?: number } }[];
    };
    return items.map(({ metadata, status }) => ({
      name: metadata.name,
      succeeded: status.succeeded ?? 0,
      failed: status.failed ?? 0,
    }));
  };
  const done = (known: readonly string[] = []): Promise<string> =>
    eventually(async () => (await jobs()).find((job) => job.succeeded > 0 && !known.includes(job.name))?.name, {
      what: 'a Job of the settings to succeed',
      timeoutMs: 400_000,
      explain: async () =>
        `${await cluster.kubectl.run(['get', 'pods', '-n', 'harbor', '-o', 'wide'])}\n${await cluster.kubectl.run(['logs', '-n', 'harbor', '-l', 'component=settings', '--tail=50', '--prefix']).catch(String)}\n${await cluster.kubectl.run(['get', 'events', '-n', 'harbor']).catch(String)}`,
    });
  const log = (job: string): Promise<string> => cluster.kubectl.run(['logs', '-n', 'harbor', `job/${job}`]);

  it('a Job makes all of it, waiting for Harbor; another comes with a change, none without one; drift is repaired', async () => {
    await installation.generateSecrets(topology());
    await installation.apply(await installation.synth('first', topology()));
    const first = await done();
    expect(await log(first)).toMatch(
      /made project payments\n[\s\S]*made robot ci\n[\s\S]*result=ok made=\d+ changed=\d+ removed=0 failed=0\n$/,
    );

    const again = await installation.apply(await installation.synth('again', topology()));
    expect(again.filter((line) => !line.endsWith('unchanged'))).toEqual([]);

    const changed = topology({ settings: { banner: 'second', reconcile: RECONCILE } });
    await installation.apply(await installation.synth('second', changed));
    const second = await done([first]);
    expect(await log(second)).toMatch(
      /^changed system settings general: banner_message .*\nharbor-fleet settings result=ok made=0 changed=1 /,
    );

    await cluster.kubectl.run(['create', 'job', '-n', 'harbor', 'drift', '--from=cronjob/harbor-settings']);
    expect(await done([first, second])).toBe('drift');
    expect(await log('drift')).toBe('harbor-fleet settings result=ok made=0 changed=0 removed=0 failed=0\n');
  });

  it('as many as no one ConfigMap holds are brought about too', async () => {
    const known = (await jobs()).map(({ name }) => name);
    const cves = Array.from({ length: 300 }, (_, i) => `CVE-2024-${10_000 + i}`);
    const many = Array.from({ length: 40 }, (_, i) => [`many-${i}`, { cveAllowlist: { cves } }]);
    await installation.apply(
      await installation.synth('many', topology({ robots: undefined, projects: Object.fromEntries(many) })),
    );
    expect(await log(await done(known))).toMatch(
      /made project many-39\n[\s\S]*result=ok made=\d+ changed=\d+ .* failed=0\n$/,
    );
    const maps = await cluster.kubectl.run(['get', 'configmaps', '-n', 'harbor', '-o', 'name']);
    expect(maps.match(/harbor-settings(-\d+)?$/gm)?.length).toBeGreaterThan(1);
    await cluster.kubectl.run(['create', 'job', '-n', 'harbor', 'many', '--from=cronjob/harbor-settings']);
    expect(await done((await jobs()).flatMap(({ name }) => (name === 'many' ? [] : [name])))).toBe('many');
    expect(await log('many')).toBe('harbor-fleet settings result=ok made=0 changed=0 removed=0 failed=0\n');
  });
});
