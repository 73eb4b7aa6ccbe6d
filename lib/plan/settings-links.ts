import type { HarborPlan } from './harbor.js';
import type { KrakenPlan } from './kraken.js';
import type { RegionPlan } from './plan.js';
import { isPushedIn, type ProjectPlan } from './projects.js';
import type { Reader } from './reader.js';
import type { ReadRegion } from './regions.js';
import { type ReplicationStep, replicationSteps } from './replication-graph.js';
import { replicationsTo } from './replication-policies.js';
import {
  ACCESS,
  generationName,
  PASSWORD_LENGTH,
  readGeneration,
  replicationRobot,
  robotGenerations,
  robotsSecret,
} from './robots.js';
import type { SecretPlan, SecretValue } from './secrets.js';
import type { SettingsPlan } from './settings.js';
import { PREHEAT_INSTANCE, preheatFlows, readReplication, registryFlows, secretOf } from './settings-plan.js';
import type { Site } from './sites.js';

/** What goes on between two regions: projects that are sent, and whether the first fetches for its proxy caches. */
interface Link extends ReplicationStep {
  readonly projects: readonly ProjectPlan[];
  readonly fetches: boolean;
}

/** What the steps between regions add to one of them. */
interface Addition {
  readonly settings: Pick<SettingsPlan, 'registries' | 'robots' | 'replications' | 'preheatInstances'>;
  readonly secrets: readonly SecretPlan[];
  readonly flows: RegionPlan['flows'];
}

/** Adds to each region's own Harbor what lets images travel: on one side a registry and policies, on the other a robot for it alone. */
export function linkSettings(
  regions: readonly RegionPlan[],
  read: readonly ReadRegion[],
  topology: Reader,
  projects: readonly ProjectPlan[],
): readonly RegionPlan[] {
  if (!topology.has('settings')) return regions;
  const sites = new Map(read.map(({ name, sites: [own] }) => [name, own]));
  const links = linksOf(regions, projects);
  const known = new Map(topology.entries('projects'));
  return regions.map((region) => {
    const [own, ...tenants] = region.harbors;
    const { settings } = own;
    if (settings === undefined) return region;
    const incoming = links.filter(({ to }) => to === region.name);
    const outgoing = links.filter(({ from }) => from === region.name);
    const generationOf = (from: string) => readGeneration(topology.child('robots'), replicationRobot(from));
    const robots = incoming.flatMap(({ from, projects: sent, fetches }) =>
      robotGenerations(own, {
        name: replicationRobot(from),
        permissions: settings.projects.flatMap(({ name }) => {
          const deletion = (): boolean => readReplication(known.get(name)).deletion;
          if (sent.some((project) => project.name === name)) {
            return [{ project: name, access: deletion() ? ACCESS.replicateWithDeletion : ACCESS.replicate }];
          }
          return fetches ? [{ project: name, access: ACCESS.pull }] : [];
        }),
        passwordName: passwordName(from, region.name),
        ...generationOf(from),
      }),
    );
    const registries = outgoing.flatMap(({ to }) => {
      const site = sites.get(to);
      return site === undefined ? [] : [registryOf(own, region.name, site, generationOf(region.name).generation)];
    });
    const kraken = settings.projects.some(({ preheat }) => preheat !== undefined && preheat.length > 0)
      ? region.krakens.find(({ registry }) => registry?.core.host === own.core.host)
      : undefined;
    const addition: Addition = {
      settings: {
        preheatInstances:
          kraken === undefined
            ? []
            : [{ name: PREHEAT_INSTANCE, endpoint: kraken.notification.url.replace(/\/registry\/notifications$/, '') }],
        registries: registries.map(({ plan }) => plan),
        robots: robots.map(({ plan }) => plan),
        replications: outgoing.flatMap(({ to, projects: sent }) =>
          sent.flatMap((project) =>
            replicationsTo(
              project.name,
              { plan: { name: to }, namespace: '', stripLevels: 0 },
              readReplication(known.get(project.name)),
              // Of several regions where it is pushed, the home decides.
              project.home === region.name || !isPushedIn(project, to),
            ),
          ),
        ),
      },
      secrets: [
        ...secretOf(
          robotsSecret(own),
          own.namespace,
          robots.map(({ plan, value }) => [plan.password.key, value] as const),
        ),
        ...secretOf(
          registriesSecret(own),
          own.namespace,
          registries.map(({ plan, value }) => [plan.name, value] as const),
        ),
      ],
      flows: [
        ...registries.flatMap(({ host, port }) => registryFlows(own, host, port)),
        ...(kraken === undefined ? [] : preheatFlows(own, kraken)),
      ],
    };
    return extended(region, own, tenants, settings, addition);
  });
}

/** What goes on between every two regions. */
function linksOf(regions: readonly RegionPlan[], projects: readonly ProjectPlan[]): readonly Link[] {
  const steps = projects.flatMap((project) => replicationSteps(project).map((step) => ({ ...step, project })));
  return regions.flatMap(({ name: from, harbors: [{ settings }] }) =>
    regions.flatMap(({ name: to }): Link[] => {
      const sent = steps.filter((step) => step.from === from && step.to === to).map(({ project }) => project);
      const fetches = settings?.projects.some(({ proxyOf }) => proxyOf === to) ?? false;
      return sent.length === 0 && !fetches ? [] : [{ from, to, projects: sent, fetches }];
    }),
  );
}

const passwordName = (from: string, to: string): string => `replication from ${from} to ${to}`;

const registriesSecret = ({ instance }: HarborPlan): string => `${instance}-registries`;

/** Another region's Harbor as a registry, by its own public name. */
function registryOf(own: HarborPlan, from: string, { harbor: target, hostname, region }: Site, generation: number) {
  const url = target.url.replace(target.domain, hostname);
  const explicit = /:(\d+)$/.exec(url)?.[1];
  const value: SecretValue = {
    kind: 'shared',
    name: generationName(passwordName(from, region), generation),
    length: PASSWORD_LENGTH,
  };
  return {
    host: hostname,
    port: explicit === undefined ? (url.startsWith('https:') ? 443 : 80) : Number(explicit),
    value,
    plan: {
      name: region,
      type: 'harbor',
      url,
      insecure: false,
      // Older ones take none; they trust what core trusts.
      ca: target.ca?.from === 'text' && own.version !== '2.14.4' ? target.ca.pem : undefined,
      username: `${target.settings?.robotPrefix}${generationName(replicationRobot(from), generation)}`,
      password: { namespace: own.namespace, secret: registriesSecret(own), key: region },
    },
  };
}

function extended(
  region: RegionPlan,
  own: HarborPlan,
  tenants: readonly HarborPlan[],
  settings: SettingsPlan,
  { settings: more, secrets, flows }: Addition,
): RegionPlan {
  const harbor: HarborPlan = {
    ...own,
    settings: {
      ...settings,
      preheatInstances: more.preheatInstances,
      registries: [...settings.registries, ...more.registries],
      robots: [...settings.robots, ...more.robots],
      replications: [...settings.replications, ...more.replications],
    },
    secrets: mergeKeys([...own.secrets, ...secrets]),
    flows: [...own.flows, ...flows],
  };
  const reached = (kraken: KrakenPlan) =>
    flows.filter(({ to }) => to.kind === 'pods' && to.namespace === kraken.namespace && to.component === 'proxy');
  return {
    ...region,
    krakens: region.krakens.map((kraken) => ({ ...kraken, flows: [...kraken.flows, ...reached(kraken)] })),
    harbors: [harbor, ...tenants],
    secrets: mergeKeys([...region.secrets, ...secrets]),
    flows: [...region.flows, ...flows],
  };
}

/** One entry for each Secret, with the keys of all. */
function mergeKeys(secrets: readonly SecretPlan[]): readonly SecretPlan[] {
  const byName = new Map<string, SecretPlan>();
  for (const secret of secrets) {
    const id = `${secret.objectKind} ${secret.namespace}/${secret.name}`;
    const known = byName.get(id);
    byName.set(id, known === undefined ? secret : { ...known, keys: { ...known.keys, ...secret.keys } });
  }
  return [...byName.values()];
}
