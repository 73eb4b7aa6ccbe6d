import type { CveAllowlistPlan, ScheduleName, SettingsPlan } from '../plan/settings.js';
import { ApiError } from './api.js';
import { each, type Found, type Kind, type Wanted } from './reconcile.js';
import type { Session } from './session.js';

type Values = Readonly<Record<string, unknown>>;

/** Requests that Harbor takes as a whole, or not at all: one that it refuses must not hold up the others. */
const GROUPS: readonly (readonly [string, RegExp])[] = [
  ['authentication', /^(auth_mode|primary_auth_mode|self_registration|ldap_|oidc_|uaa_|http_authproxy_)/],
  ['audit log', /audit/],
  ['general', /^/],
];

const groupOf = (key: string): string => GROUPS.find(([, pattern]) => pattern.test(key))?.[0] ?? '';

/** The label whose description keeps the signs of secrets that Harbor never shows: it has no other place for them. */
export const SIGNS_LABEL = 'harbor-fleet-settings';

/** System settings, in groups. */
export function configuration(plan: SettingsPlan, session: Session): Kind<Values> {
  const { api } = session;
  const secretKeys = Object.keys(plan.configurationSecrets);
  const signs = Object.fromEntries(
    Object.entries(plan.configurationSecrets).map(([key, ref]) => [key, session.fingerprint(ref)]),
  );
  const all = Object.entries({ ...plan.configuration, ...signs });
  const groups = [...new Set(all.map(([key]) => groupOf(key)))];
  const entriesOf = (name: string) => all.filter(([key]) => groupOf(key) === name);
  let label: { readonly id: number; readonly description?: string } | undefined;
  let locked: readonly string[] = [];
  return {
    kind: 'system settings',
    hidden: secretKeys,
    wanted: new Map(groups.map((name) => [name, { state: Object.fromEntries(entriesOf(name)) }])),
    async read() {
      const current =
        (await api.get<Readonly<Record<string, { value?: unknown; editable?: boolean }>>>('/configurations')) ?? {};
      session.robotPrefix = String(current.robot_name_prefix?.value ?? '');
      locked = Object.entries(current).flatMap(([key, { editable }]) => (editable === false ? [key] : []));
      if (secretKeys.length > 0) {
        const labels = await api.list<{ id: number; name: string; description?: string }>('/labels?scope=g');
        label = labels.find(({ name }) => name === SIGNS_LABEL);
      }
      const kept = new Map(
        (label?.description ?? '').split(' ').map((sign) => [sign.split('=')[0], sign.split('=')[1]]),
      );
      const found = (key: string): unknown => (secretKeys.includes(key) ? kept.get(key) : current[key]?.value);
      return new Map(
        groups.map((name) => [
          name,
          { id: 0, ours: false, state: Object.fromEntries(entriesOf(name).map(([key]) => [key, found(key)])) },
        ]),
      );
    },
    async update(_, state, __, fields) {
      const unchangeable = fields.filter(({ field }) => locked.includes(field)).map(({ field }) => field);
      if (unchangeable.length > 0) {
        throw new ApiError(`${unchangeable.join(', ')}: set by CONFIG_OVERWRITE_JSON of core, which locks it`);
      }
      const secrets = Object.entries(plan.configurationSecrets).filter(([key]) => key in state);
      const values = Object.fromEntries(secrets.map(([key, ref]) => [key, session.secret(ref)]));
      await api.send('PUT', '/configurations', { ...state, ...values });
      if ('robot_name_prefix' in state) session.robotPrefix = String(state.robot_name_prefix);
      if (secrets.length > 0) {
        const description = secrets.map(([key]) => `${key}=${signs[key]}`).join(' ');
        const body = { name: SIGNS_LABEL, color: '#808080', scope: 'g', description };
        if (label === undefined) await api.send('POST', '/labels', body);
        else await api.send('PUT', `/labels/${label.id}`, body);
      }
    },
  };
}

/** CVEs that stop no pull, of a project or of the whole Harbor, as Harbor writes them. */
export interface HarborAllowlist {
  readonly items?: readonly { readonly cve_id: string }[] | null;
  readonly expires_at?: number | null;
}

/** An allow-list in the words of the plan, in the order of its CVEs. */
export const allowlistState = ({ cves, expiresAt }: CveAllowlistPlan): CveAllowlistPlan => ({
  cves: [...cves].sort(),
  expiresAt: expiresAt ?? 0,
});

/** An allow-list that Harbor shows, in the same form. */
export const foundAllowlist = (list: HarborAllowlist | undefined): CveAllowlistPlan =>
  allowlistState({ cves: (list?.items ?? []).map(({ cve_id }) => cve_id), expiresAt: list?.expires_at ?? 0 });

/** An allow-list in Harbor's form. */
export const harborAllowlist = ({ cves, expiresAt }: CveAllowlistPlan): HarborAllowlist => ({
  items: cves.map((cve_id) => ({ cve_id })),
  expires_at: expiresAt === undefined || expiresAt === 0 ? null : expiresAt,
});

/** The CVEs that stop nobody in all of Harbor. */
export function systemAllowlist({ cveAllowlist }: SettingsPlan, { api }: Session): Kind<CveAllowlistPlan> {
  return {
    kind: 'CVE allowlist',
    wanted: new Map(cveAllowlist === undefined ? [] : [['system', { state: allowlistState(cveAllowlist) }]]),
    async read() {
      if (cveAllowlist === undefined) return new Map();
      const state = foundAllowlist(await api.get<HarborAllowlist>('/system/CVEAllowlist'));
      return new Map([['system', { id: 0, ours: false, state }]]);
    },
    async update(_, state) {
      await api.send('PUT', '/system/CVEAllowlist', harborAllowlist(state));
    },
  };
}

interface HarborSchedule {
  readonly schedule?: { readonly cron?: string } | null;
  /** JSON in a text. */
  readonly job_parameters?: string;
}

interface ScheduleState {
  readonly cron: string;
  readonly parameters: Values | undefined;
}

/** What Harbor does again and again: garbage collection, scans of everything, removal of old audit logs. */
export function schedules(plan: SettingsPlan, { api }: Session): Kind<ScheduleState> {
  const wanted = (Object.entries(plan.schedules) as [ScheduleName, { cron: string; parameters: Values }][]).map(
    ([name, { cron, parameters }]): readonly [string, Wanted<ScheduleState>] => [
      name,
      // Without a schedule Harbor keeps no parameters.
      { state: { cron, parameters: cron === '' || name === 'scanAll' ? undefined : parameters } },
    ],
  );
  const send = async (name: string, { cron, parameters }: ScheduleState): Promise<void> => {
    const schedule = cron === '' ? { type: 'None' } : { type: 'Custom', cron };
    await api.send('PUT', `/system/${name}/schedule`, { schedule, parameters });
  };
  return {
    kind: 'schedule',
    wanted: new Map(wanted),
    async read() {
      const found = await each(wanted, async ([name]) => {
        const current = await readSchedule(`/system/${name}/schedule`, (path) => api.get<HarborSchedule>(path));
        const parameters = parametersOf(current?.job_parameters);
        return [name, { id: 0, ours: false, state: { cron: current?.schedule?.cron ?? '', parameters } }] as const;
      });
      return new Map<string, Found<ScheduleState>>(found);
    },
    update: send,
  };
}

/** Without a scanner Harbor answers 412 in place of the schedule of scans: then there is none. */
async function readSchedule(
  path: string,
  get: (path: string) => Promise<HarborSchedule | undefined>,
): Promise<HarborSchedule | undefined> {
  try {
    return await get(path);
  } catch (error) {
    if (error instanceof ApiError && error.status === 412) return undefined;
    throw error;
  }
}

function parametersOf(text: string | undefined): Values {
  if (text === undefined || text === '') return {};
  const { redis_url_reg: _, time_window: __, ...parameters } = JSON.parse(text) as Record<string, unknown>;
  return parameters;
}
