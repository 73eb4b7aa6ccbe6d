import { cacheText, databaseText, krakenOf, plainText, storageText } from './describe.js';
import type { HarborPlan } from './harbor.js';
import { COMPONENT_NAMES, type KrakenPlan } from './kraken.js';
import type { TopologyPlan } from './plan.js';
import { crossingsTable, flowsTable } from './report-flows.js';
import { networkTables } from './report-network.js';
import { sizesTable, totalsTable } from './report-pods.js';
import { among, grouped, listed, type Section, together } from './report-rows.js';
import type { SecretPlan } from './secrets.js';
import type { RobotPlan } from './settings.js';

/** All tables of a plan, in the order in which they are read. */
export function report(plan: TopologyPlan): readonly Section[] {
  const sections: readonly Section[] = [
    regionsTable(plan),
    endpointsTable(plan),
    totalsTable(plan),
    storageTable(plan),
    routesTable(plan),
    projectsTable(plan),
    robotsTable(plan),
    ...networkTables(plan).filter(({ detail }) => detail !== true),
    crossingsTable(plan),
    provideTable(plan),
    sizesTable(plan),
    flowsTable(plan),
    ...networkTables(plan).filter(({ detail }) => detail === true),
    secretsTable(plan),
  ];
  return sections.map((section) => ({ ...section, rows: section.rows.map((row) => row.map(plainText)) }));
}

const regionsTable = ({ regions }: TopologyPlan): Section => ({
  title: 'Regions',
  columns: ['Region', 'Kubernetes', 'containerd', 'Harbor', 'Size', 'Kraken', 'Images', 'Tenants'],
  rows: regions.map((region) => {
    const [own, ...tenants] = region.harbors;
    const kraken = krakenOf(region, own);
    return [
      region.name,
      region.cluster.kubernetes,
      region.cluster.containerd,
      own.version,
      own.size,
      kraken?.version ?? 'none',
      storageText(own.storage),
      tenants.map((tenant) => tenant.instance).join(', '),
    ];
  }),
});

const endpointsTable = ({ regions }: TopologyPlan): Section => ({
  title: 'Endpoints',
  columns: ['Region', 'Harbor', 'URL', 'Also', 'Behind', 'Agent on each node'],
  rows: regions.flatMap((region) =>
    region.harbors.map((harbor) => {
      const kraken = krakenOf(region, harbor);
      return [
        region.name,
        harbor.instance,
        harbor.url,
        harbor.aliases.join(', '),
        behind(harbor),
        kraken === undefined ? 'none' : `127.0.0.1:${kraken.agentPort}`,
      ];
    }),
  ),
});

function behind({ exposure }: HarborPlan): string {
  switch (exposure.type) {
    case 'ingress':
      return `Ingress (${exposure.className ?? 'default class'})`;
    case 'gateway':
      return `Gateway ${exposure.parentRefs.map((ref) => ref.name).join(', ')}`;
    case 'loadBalancer':
      return 'load balancer';
    case 'nodePort':
      return `ports ${exposure.httpPort}, ${exposure.httpsPort} of the nodes`;
    case 'clusterIp':
      return 'Service inside the cluster';
  }
}

const storageTable = (plan: TopologyPlan): Section => ({
  title: 'Storage',
  columns: ['Installation', 'What', 'Where', 'Size', 'Regions'],
  rows: together(
    grouped(
      plan,
      (region) => [...region.harbors.flatMap(storesOfHarbor), ...region.krakens.flatMap(storesOfKraken)],
      (row) => row,
    ),
  ),
});

function storesOfHarbor(harbor: HarborPlan): readonly (readonly string[])[] {
  const { instance, storage, database, cache, trivy } = harbor;
  return [
    [instance, 'images', storageText(storage), storage.type === 'nas' ? (storage.size ?? '') : ''],
    [instance, 'database', databaseText(harbor), database.volumeSize ?? ''],
    [instance, 'cache', cacheText(harbor), cache.volumeSize ?? ''],
    ...(trivy === undefined
      ? []
      : [[instance, 'vulnerability database', classText(trivy.storage.storageClass), trivy.storage.size]]),
  ];
}

function storesOfKraken({ instance, volumes, components, cache }: KrakenPlan): readonly (readonly string[])[] {
  const volume = (component: 'origin' | 'buildIndex'): readonly string[] => [
    instance,
    `cache of ${COMPONENT_NAMES[component]}`,
    classText(volumes[component].storageClass),
    `${components[component]?.replicas ?? 0} × ${volumes[component].size}`,
  ];
  return [
    volume('origin'),
    volume('buildIndex'),
    [instance, 'cache of agent', 'disk of the node', `${cache.agentSize} a node`],
  ];
}

const classText = (storageClass: string | undefined): string => `volume (${storageClass ?? 'default class'})`;

const routesTable = (plan: TopologyPlan): Section => ({
  title: 'Where a node asks for an image, in order',
  columns: ['Region', 'Name in image references', 'First', 'Then'],
  rows: plan.regions.flatMap((region) =>
    region.nodeMirrors.map((mirror) => {
      const [first = '', ...then] = [...mirror.hosts.map((host) => host.name), mirror.server];
      return [region.name, mirror.domain, first, then.join(' → ')];
    }),
  ),
});

const projectsTable = (plan: TopologyPlan): Section => {
  const quotas = plan.projects.map((project) => quotaText(plan, project.name));
  // Without settings nobody plans any.
  const shown = quotas.some((text) => text !== '');
  return {
    title: 'Projects',
    columns: ['Project', 'Who may pull', 'Pushed in', 'Replicated to', 'Served by', ...(shown ? ['Quota'] : [])],
    rows: plan.projects.map((project, i) => [
      project.name,
      project.public ? 'anyone' : project.confidential ? 'members, confidential' : 'members',
      [project.home, ...(project.primaries ?? [])].join(', '),
      [among(plan, project.replicateTo, 'all others', project.home), ...(project.registries ?? [])]
        .filter((target) => target !== '')
        .join(', ') || 'none',
      project.peerToPeer ? 'peers and Harbor' : 'Harbor only',
      ...(shown ? quotas.slice(i, i + 1) : []),
    ]),
  };
};

/** What a project may hold in each region, where settings say so; what they leave alone is left open. */
function quotaText({ regions }: TopologyPlan, name: string): string {
  const quotas = regions.flatMap(({ harbors: [{ settings }] }) => {
    const quota = settings?.projects.find((project) => project.name === name)?.quota;
    return quota === undefined ? [] : [quota < 0 ? 'unlimited' : bytesText(quota)];
  });
  return [...new Set(quotas)].join(', ');
}

/** Bytes in the largest unit of which there is one. */
function bytesText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return `${Number((bytes / 2 ** (10 * power)).toFixed(1))} ${UNITS[power]}`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** The robot accounts that settings make, each with what it may do where. */
const robotsTable = (plan: TopologyPlan): Section => ({
  title: 'Robot accounts',
  columns: ['Harbor', 'Robot', 'May', 'Projects', 'Password in', 'Regions'],
  rows: grouped(
    plan,
    ({ harbors }) =>
      harbors.flatMap(({ instance, settings }) =>
        (settings?.robots ?? []).map((robot) => ({ instance, robot, prefix: settings?.robotPrefix ?? '' })),
      ),
    ({ instance, robot, prefix }) => [
      instance,
      prefix + robot.name,
      accessText(robot),
      listed(robot.permissions.map(({ project }) => project)),
      `${robot.password.namespace}/${robot.password.secret}`,
    ],
  ),
});

/** What a robot may do, in Harbor's words: alone they are about images. */
const accessText = ({ permissions, system = [] }: RobotPlan): string => {
  const access = [...permissions.flatMap((permission) => permission.access), ...system];
  const texts = access.map(({ resource, action }) => (resource === 'repository' ? action : `${action} ${resource}`));
  return [...new Set(texts)].join(', ');
};

/** The Secrets that `harbor-fleet secrets` does not make. */
const provideTable = (plan: TopologyPlan): Section => ({
  title: 'Secrets you provide',
  columns: ['Namespace', 'Name', 'Type', 'Keys', 'Regions'],
  rows: grouped(
    plan,
    (region) => region.secrets.filter((secret) => secret.source === 'existing'),
    (secret) => [secret.namespace, secret.name, secret.type, keysOf(secret)],
  ),
});

const secretsTable = (plan: TopologyPlan): Section => ({
  title: 'Every Secret',
  detail: true,
  columns: ['Namespace', 'Name', 'Keys', 'Made by', 'Regions'],
  rows: grouped(
    plan,
    (region) => region.secrets,
    (secret) => [
      secret.namespace,
      secret.objectKind === 'Secret' ? secret.name : `${secret.name} (${secret.objectKind})`,
      keysOf(secret),
      madeBy(secret),
    ],
  ),
});

const madeBy = ({ source, keys }: SecretPlan): string => {
  if (source === 'existing') return 'you';
  return Object.values(keys).some(({ kind }) => kind === 'given') ? 'Pulumi' : 'harbor-fleet secrets';
};

const keysOf = (secret: SecretPlan): string => Object.keys(secret.keys).join(', ');
