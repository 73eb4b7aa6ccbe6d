import type { RegistryPlan, ReplicationPlan, SettingsPlan } from '../plan/settings.js';
import { ApiError } from './api.js';
import { MANAGED } from './managed.js';
import type { Found, Kind } from './reconcile.js';
import { idOf, isOurs, marked, type Session, signIn } from './session.js';

interface HarborRegistry {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  readonly type: string;
  readonly url: string;
  readonly insecure?: boolean;
  readonly ca_certificate?: string;
  readonly credential?: { readonly access_key?: string };
}

interface RegistryState {
  readonly type: string;
  readonly url: string;
  readonly insecure: boolean;
  readonly ca: string;
  readonly username: string;
  /** A sign of the password: Harbor never shows it. */
  readonly password: string;
  readonly managed: boolean;
}

/** Registries that images are copied to or fetched from. */
export function registries(plan: SettingsPlan, session: Session): Kind<RegistryState> {
  const { api } = session;
  const planned = new Map(plan.registries.map((registry) => [registry.name, registry]));
  const credentialOf = ({
    username,
    password,
  }: RegistryPlan): { access_key: string; access_secret: string } | undefined =>
    username === undefined
      ? undefined
      : { access_key: username, access_secret: password === undefined ? '' : session.secret(password) };
  const signOf = ({ password }: RegistryPlan): string | undefined => session.fingerprint(password);
  return {
    kind: 'registry',
    hidden: ['password'],
    wanted: new Map(
      plan.registries.map((registry) => [
        registry.name,
        {
          state: {
            type: registry.type,
            url: registry.url,
            insecure: registry.insecure,
            ca: registry.ca?.trim() ?? '',
            username: registry.username ?? '',
            password: signOf(registry) ?? '',
            managed: true,
          },
        },
      ]),
    ),
    async read() {
      const all = await api.list<HarborRegistry>('/registries');
      for (const { id, name } of all) session.registries.set(name, id);
      return new Map(all.map((registry) => [registry.name, foundRegistry(registry)]));
    },
    async create(name, { type, url, insecure, ca }) {
      const registry = planned.get(name);
      if (registry === undefined) return;
      const credential = credentialOf(registry);
      const body = {
        name,
        type,
        url,
        insecure,
        description: marked(signOf(registry)),
        ca_certificate: ca === '' ? undefined : ca,
        credential: credential && { type: 'basic', ...credential },
      };
      session.registries.set(name, await api.send('POST', '/registries', body).catch(explain(url)));
    },
    async update(name, { url, insecure, ca }, { id }, fields) {
      const registry = planned.get(name);
      if (registry === undefined) return;
      if (fields.some(({ field }) => field === 'type')) {
        throw new ApiError(
          'is of another type, which Harbor never changes: choose another name, or delete it in Harbor',
        );
      }
      // Written flat, and read nested.
      await api.send('PUT', `/registries/${id}`, {
        name,
        url,
        insecure,
        description: marked(signOf(registry)),
        ca_certificate: ca,
        credential_type: 'basic',
        ...(credentialOf(registry) ?? { access_key: '', access_secret: '' }),
      });
    },
    async remove(name, { id }) {
      await api.send('DELETE', `/registries/${id}`);
      session.registries.delete(name);
    },
  };
}

/** Harbor takes a registry only when it answers, and says little of one that does not. */
const explain =
  (url: string) =>
  (error: unknown): never => {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(`${error.message}; does ${url} answer this Harbor, with a certificate it trusts?`, error.status);
  };

/** A registry that Harbor shows, in the form of the plan. */
export const foundRegistry = (registry: HarborRegistry): Found<RegistryState> => ({
  id: registry.id,
  ours: isOurs(registry.description),
  state: {
    type: registry.type,
    url: registry.url,
    insecure: registry.insecure ?? false,
    ca: registry.ca_certificate?.trim() ?? '',
    username: registry.credential?.access_key ?? '',
    password: signIn(registry.description) ?? '',
    managed: isOurs(registry.description),
  },
});

interface HarborReplication {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly override?: boolean;
  readonly deletion?: boolean;
  readonly replicate_deletion?: boolean;
  readonly src_registry?: { readonly id: number; readonly name: string } | null;
  readonly dest_registry?: { readonly id: number; readonly name: string } | null;
  readonly dest_namespace?: string;
  readonly dest_namespace_replace_count?: number;
  readonly filters?:
    | readonly { readonly type: string; readonly value?: unknown; readonly decoration?: string }[]
    | null;
  readonly trigger?: { readonly type: string; readonly trigger_settings?: { readonly cron?: string } } | null;
  readonly speed?: number;
  readonly copy_by_chunk?: boolean;
  readonly single_active_replication?: boolean;
}

type ReplicationState = Omit<ReplicationPlan, 'name' | 'cron'> & {
  readonly trigger: string;
  readonly enabled: boolean;
  readonly oneAtATime: boolean;
  readonly managed: boolean;
};

const EACH_PUSH = 'event_based';

/** Policies that copy images to other registries. */
export function replications(plan: SettingsPlan, session: Session): Kind<ReplicationState> {
  const { api } = session;
  const bodyOf = (name: string, state: ReplicationState): object => ({
    name,
    description: MANAGED,
    enabled: true,
    override: state.overwrites,
    dest_registry: { id: idOf(session.registries, state.registry) },
    dest_namespace: state.destinationNamespace,
    dest_namespace_replace_count: state.replaceCount,
    filters: [{ type: 'name', value: state.repositories }],
    trigger:
      state.trigger === EACH_PUSH
        ? { type: EACH_PUSH }
        : { type: 'scheduled', trigger_settings: { cron: state.trigger } },
    // Harbor reads the old name, and shows both.
    deletion: state.deletion,
    replicate_deletion: state.deletion,
    speed: state.speed === 0 ? -1 : state.speed,
    single_active_replication: state.oneAtATime,
  });
  return {
    kind: 'replication',
    wanted: new Map(
      plan.replications.map((replication) => [
        replication.name,
        { state: replicationState(replication), needs: [`registry ${replication.registry}`] },
      ]),
    ),
    async read() {
      const all = await api.list<HarborReplication>('/replication/policies');
      return new Map(all.map((policy) => [policy.name, foundReplication(policy)]));
    },
    async create(name, state) {
      await api.send('POST', '/replication/policies', bodyOf(name, state));
    },
    async update(name, state, { id }) {
      await api.send('PUT', `/replication/policies/${id}`, { id, ...bodyOf(name, state) });
    },
    async remove(_, { id }) {
      await api.send('DELETE', `/replication/policies/${id}`);
    },
  };
}

const replicationState = ({ name: _, cron, ...plan }: ReplicationPlan): ReplicationState => ({
  ...plan,
  trigger: cron ?? EACH_PUSH,
  enabled: true,
  // Harbor refuses it together with pushes, with an answer 500 that does not say why.
  oneAtATime: cron !== undefined,
  managed: true,
});

/** A policy that Harbor shows, in the form of the plan. What the plan has no word for shows as another set of repositories. */
export function foundReplication(policy: HarborReplication): Found<ReplicationState> {
  const filters = policy.filters ?? [];
  const [only] = filters;
  const isPlain = filters.length === 1 && only?.type === 'name';
  const { trigger } = policy;
  return {
    id: policy.id,
    ours: isOurs(policy.description),
    state: {
      // The side that is Harbor itself is shown as a registry with the id 0.
      registry:
        (policy.dest_registry?.id ?? 0) === 0
          ? `from ${policy.src_registry?.name}`
          : (policy.dest_registry?.name ?? ''),
      repositories: isPlain ? String(only.value) : JSON.stringify(filters),
      trigger: trigger?.type === 'scheduled' ? (trigger.trigger_settings?.cron ?? '') : (trigger?.type ?? 'manual'),
      destinationNamespace: policy.dest_namespace ?? '',
      replaceCount: policy.dest_namespace_replace_count ?? 0,
      deletion: policy.deletion ?? policy.replicate_deletion ?? false,
      speed: Math.max(0, policy.speed ?? 0),
      enabled: policy.enabled ?? false,
      overwrites: policy.override ?? false,
      oneAtATime: policy.single_active_replication ?? false,
      managed: isOurs(policy.description),
    },
  };
}
