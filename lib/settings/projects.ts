import type { CveAllowlistPlan, ProjectSettingsPlan, SettingsPlan } from '../plan/settings.js';
import { ApiError } from './api.js';
import type { Found, Kind } from './reconcile.js';
import { idOf, type Session } from './session.js';
import { allowlistState, foundAllowlist, type HarborAllowlist, harborAllowlist } from './system.js';

interface HarborProject {
  readonly project_id: number;
  readonly name: string;
  /** Nothing, or 0, of a project of its own. */
  readonly registry_id?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly cve_allowlist?: HarborAllowlist;
}

/** Beside these, Harbor's own keys of a project, which are texts. */
interface ProjectState {
  readonly proxyOf: string;
  readonly cveAllowlist: CveAllowlistPlan | undefined;
}

/** Projects. They are never removed: what is in them cannot be brought back. */
export function projects(plan: SettingsPlan, session: Session): Kind<ProjectState> {
  const { api } = session;
  const planned = new Map(plan.projects.map((project) => [project.name, project]));
  const registryName = (id = 0): string =>
    id === 0 ? '' : ([...session.registries].find(([, known]) => known === id)?.[0] ?? `registry ${id}`);
  const metadataOf = (name: string) => planned.get(name)?.metadata ?? {};
  const send = async (name: string, id: number, { cveAllowlist }: ProjectState): Promise<void> => {
    const cve_allowlist = cveAllowlist && { project_id: id, ...harborAllowlist(cveAllowlist) };
    await api.send('PUT', `/projects/${id}`, { metadata: metadataOf(name), cve_allowlist });
  };
  return {
    kind: 'project',
    wanted: new Map(
      plan.projects.map((project) => [
        project.name,
        {
          state: wantedState(project),
          needs: project.proxyOf === undefined ? [] : [`registry ${project.proxyOf}`],
        },
      ]),
    ),
    async read() {
      const found = new Map<string, Found<ProjectState>>();
      for (const project of await api.list<HarborProject>('/projects')) {
        const { name, project_id: id, metadata = {} } = project;
        session.projects.set(name, id);
        if (metadata.retention_id !== undefined) session.retentions.set(name, Number(metadata.retention_id));
        const keys = Object.keys(metadataOf(name));
        found.set(name, {
          id,
          ours: false,
          state: {
            // A switch that was never set is not shown.
            ...Object.fromEntries(keys.map((key) => [key, metadata[key] ?? DEFAULTS[key] ?? ''])),
            proxyOf: registryName(project.registry_id),
            cveAllowlist: foundAllowlist(project.cve_allowlist),
          },
        });
      }
      return found;
    },
    async create(name, state) {
      const { proxyOf } = state;
      const metadata = metadataOf(name);
      const registry_id = proxyOf === '' ? undefined : idOf(session.registries, proxyOf);
      const quota = planned.get(name)?.quota;
      const id = await api.send('POST', '/projects', {
        project_name: name,
        metadata,
        registry_id,
        storage_limit: quota,
      });
      session.projects.set(name, id);
      // Harbor takes no allow-list when it makes a project.
      if (state.cveAllowlist !== undefined) await send(name, id, state);
    },
    async update(name, state, { id }, fields) {
      if (fields.some(({ field }) => field === 'proxyOf')) {
        throw new ApiError(
          'is a proxy cache, or is none, from its creation on: delete the project in Harbor, or choose another name',
        );
      }
      await send(name, id, state);
    },
  };
}

const wantedState = ({ metadata, proxyOf, cveAllowlist }: ProjectSettingsPlan): ProjectState => ({
  ...metadata,
  proxyOf: proxyOf ?? '',
  cveAllowlist: cveAllowlist && allowlistState(cveAllowlist),
});

/** What Harbor takes for a key that a project does not have. */
const DEFAULTS: Readonly<Record<string, string>> = {
  public: 'false',
  auto_scan: 'false',
  auto_sbom_generation: 'false',
  prevent_vul: 'false',
  enable_content_trust: 'false',
  enable_content_trust_cosign: 'false',
  reuse_sys_cve_allowlist: 'true',
  severity: 'low',
};

interface HarborQuota {
  readonly id: number;
  readonly hard: { readonly storage: number };
  readonly ref: { readonly name?: string };
}

interface QuotaState {
  readonly bytes: number;
}

/** How much each project may hold. */
export function quotas(plan: SettingsPlan, { api, projects: there }: Session): Kind<QuotaState> {
  const wanted = plan.projects.flatMap(({ name, quota }) =>
    // A proxy cache has a quota as any other project.
    quota === undefined ? [] : [[name, { state: { bytes: quota }, needs: [`project ${name}`] }] as const],
  );
  return {
    kind: 'quota',
    wanted: new Map(wanted),
    async read() {
      if (wanted.length === 0) return new Map();
      const all = await api.list<HarborQuota>('/quotas?reference=project');
      // A project that is not there yet, as in a dry run, is made with its quota.
      const later = wanted
        .filter(([name]) => !there.has(name))
        .map(([name, { state }]) => [name, state.bytes] as const);
      const found = (id: number, bytes: number): Found<QuotaState> => ({ id, ours: false, state: { bytes } });
      return new Map([
        ...all.map(({ id, hard, ref }) => [ref.name ?? '', found(id, hard.storage)] as const),
        ...later.map(([name, bytes]) => [name, found(0, bytes)] as const),
      ]);
    },
    async update(_, { bytes }, { id }) {
      await api.send('PUT', `/quotas/${id}`, { hard: { storage: bytes } });
    },
  };
}
