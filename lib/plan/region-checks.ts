import { hasNginx } from './exposure.js';
import { HARBOR_SIZES } from './harbor-sizes.js';
import type { Issues } from './issues.js';
import { isClusterHost } from './names.js';
import type { NodeMirrorPlan } from './node-mirror.js';
import { checkHostPorts } from './node-pods.js';
import type { RegionPlan } from './plan.js';
import type { ReadRegion } from './regions.js';
import type { Site } from './sites.js';
import { storageHost, storageLocation } from './storage.js';

/** Records what no region can see by itself: two installations that want the same name, place or port. */
export function checkRegions(regions: readonly ReadRegion[], plans: readonly RegionPlan[], issues: Issues): void {
  const sites = regions.flatMap((region) => region.sites);
  checkHostnames(sites, issues);
  checkStores(sites, issues);
  for (const region of regions) {
    checkInstances(region.sites, issues);
    checkServices(region.sites, issues);
    checkNamespaces(
      region,
      plans.filter(({ name }) => name === region.name).flatMap(({ nodeMirrors }) => nodeMirrors),
      issues,
    );
    checkPorts(region.sites, issues);
  }
}

/** Records everything that two holders have in common; the later one gets the issue. */
function checkTaken<T>(
  holders: readonly T[],
  keysOf: (holder: T) => readonly string[],
  record: (holder: T, key: string, earlier: T) => void,
): void {
  const taken = new Map<string, T>();
  for (const holder of holders) {
    for (const key of new Set(keysOf(holder))) {
      const earlier = taken.get(key);
      if (earlier === undefined) taken.set(key, holder);
      else record(holder, key, earlier);
    }
  }
}

const HARBOR_COMPONENTS = Object.keys(HARBOR_SIZES.small.components);

const nameOf = (site: Site): string =>
  site.tenant === undefined ? `region ${site.region}` : `tenant ${site.tenant} of ${site.region}`;

/** One host name leads to one registry: the common name of a tenant is the same in all regions, all others are single. */
function checkHostnames(sites: readonly Site[], issues: Issues): void {
  const owner = (site: Site): string => site.tenant ?? '';
  const record = (site: Site, hostname: string, earlier: Site): void =>
    issues.error(
      `${site.path}${site.tenant === undefined ? '' : '.domain'}`,
      `leads to the same host name as ${nameOf(earlier)}`,
      hostname,
      'host names that nothing else in the topology has',
      site.tenant === undefined ? 'rename the region' : 'choose another domain',
    );
  const common = [...new Map(sites.map((site) => [`${owner(site)} ${site.harbor.domain}`, site])).values()];
  checkTaken(common, (site) => [site.harbor.domain], record);
  const domains = new Map(common.map((site) => [site.harbor.domain, site]));
  checkTaken(sites, (site) => [site.hostname], record);
  for (const site of sites) {
    const holder = domains.get(site.hostname);
    // The domain of a tenant is easier to change than the domain of the topology.
    if (holder?.tenant !== undefined) record(holder, site.hostname, site);
    else if (holder !== undefined) record(site, site.hostname, holder);
  }
}

/** Records two Harbors that share what they keep their data in: each would delete or change what only the other knows. */
function checkStores(sites: readonly Site[], issues: Issues): void {
  for (const { key, placesOf, problem, allowed, fix } of STORES) {
    checkTaken(sites, placesOf, (site, place, earlier) =>
      issues.error(`${site.path}.${key}`, problem(nameOf(earlier)), place, allowed, fix),
    );
  }
}

interface Store {
  readonly key: 'storage' | 'database' | 'cache';
  /** Where a Harbor keeps it, the same text for the same place; nothing where no other Harbor can get to it. */
  readonly placesOf: (site: Site) => readonly string[];
  readonly problem: (other: string) => string;
  readonly allowed: string;
  readonly fix: string;
}

/** A place by the name of a host; in which region too, where that name means another place in each. */
const placeAt = (region: string, host: string | undefined, place: string): string =>
  host !== undefined && isClusterHost(host) ? `${place} in ${region}` : place;

const STORES: readonly Store[] = [
  {
    key: 'storage',
    placesOf: ({ region, harbor: { storage, namespace } }) => {
      const claim = storage.type === 'nas' ? storage.claim : undefined;
      const place = storageLocation(storage) ?? (claim && `claim ${claim} in namespace ${namespace} of ${region}`);
      return place === undefined ? [] : [placeAt(region, storageHost(storage), place)];
    },
    problem: (other) => `is where ${other} keeps its images: each would delete those of the other`,
    allowed: 'a bucket, or a folder in it, for each Harbor',
    fix: 'choose another bucket, or set another rootDirectory or path',
  },
  {
    key: 'database',
    placesOf: ({ region, harbor: { database } }) =>
      database.type === 'embedded'
        ? []
        : [placeAt(region, database.host, `${database.host}:${database.port}/${database.name}`)],
    problem: (other) => `is the database of ${other}`,
    allowed: 'a database for each Harbor',
    fix: 'make another database on the server, and set its name',
  },
  {
    key: 'cache',
    placesOf: ({ region, harbor: { cache } }) =>
      cache.type === 'embedded'
        ? []
        : [...cache.hosts, ...(cache.core?.hosts ?? [])].map((host) =>
            placeAt(region, host.replace(/:\d+$/, ''), [host, cache.masterSet ?? []].flat().join(' ')),
          ),
    problem: (other) => `is the cache of ${other}, and both would use the same numbered databases in it`,
    allowed: 'a Redis or Valkey for each Harbor',
    fix: 'give it a server of its own',
  },
];

/** An instance's name is the prefix of its objects' names, so in one cluster each is there once. */
function checkInstances(sites: readonly Site[], issues: Issues): void {
  const installations = sites.flatMap((site) => [
    { path: site.tenant === undefined ? `${site.path}.instance` : site.path, ...site.harbor },
    ...(site.kraken === undefined ? [] : [{ path: `${site.path}.kraken.instance`, ...site.kraken }]),
  ]);
  checkTaken(
    installations,
    ({ instance }) => [instance],
    ({ path, instance }, _, earlier) =>
      issues.error(
        path,
        `is the name of a ${earlier.kind} in this cluster already (${earlier.path})`,
        instance,
        'a name for each Harbor and each Kraken of a cluster',
        'rename one of them',
      ),
  );
}

/** The front's Service is called like its instance: in the same namespace no other Harbor may have one of that name. */
function checkServices(sites: readonly Site[], issues: Issues): void {
  for (const { path, tenant, harbor } of sites) {
    const taken = sites.find(
      (other) =>
        other.harbor.namespace === harbor.namespace &&
        HARBOR_COMPONENTS.some((component) => harbor.instance === `${other.harbor.instance}-${component}`),
    );
    if (taken === undefined) continue;
    issues.error(
      tenant === undefined ? `${path}.instance` : path,
      `is the name of a Service of ${taken.harbor.instance} in the same namespace`,
      harbor.instance,
      'another name, or a namespace of its own',
      'rename one of them, or leave out namespace',
    );
  }
}

/** Restricted pods and pods that touch nodes never share a namespace: it enforces one level for all its pods. */
function checkNamespaces(region: ReadRegion, mirrors: readonly NodeMirrorPlan[], issues: Issues): void {
  const restricted = region.sites.flatMap(({ path, harbor, kraken }) => [
    { path: `${path}.namespace`, namespace: harbor.namespace },
    ...(kraken === undefined ? [] : [{ path: `${path}.kraken.namespace`, namespace: kraken.namespace }]),
  ]);
  const onNodes = new Set([
    ...region.sites.flatMap(({ kraken }) => kraken?.nodeNamespace ?? []),
    ...mirrors.map(({ namespace }) => namespace),
  ]);
  for (const { path, namespace } of restricted) {
    if (!onNodes.has(namespace)) continue;
    issues.error(
      path,
      'is the namespace of agents or of a node mirror, which the restricted profile refuses',
      namespace,
      'a namespace in which nothing touches the nodes',
      'choose another namespace for one of them',
    );
  }
}

/** Records a port that two installations take on the same node. */
function checkPorts(sites: readonly Site[], issues: Issues): void {
  const agents = sites.flatMap(({ path, kraken }) =>
    kraken === undefined
      ? []
      : [{ path: `${path}.kraken.ports.agent`, name: `Kraken ${kraken.instance}`, hostPorts: kraken.hostPorts }],
  );
  checkHostPorts(agents, issues);
  const ports = [
    ...agents.flatMap(({ path, name, hostPorts }) => hostPorts.map((port) => ({ path, name, port }))),
    ...sites.flatMap(nodePorts),
  ];
  checkTaken(
    ports,
    ({ port }) => [`${port}`],
    ({ path, port }, _, earlier) => {
      if (!path.includes('.exposure')) return;
      issues.error(
        path,
        `is a port of the nodes that ${earlier.name} has already`,
        port,
        'a port from 30000 to 32767 that nothing else takes',
        'choose another port',
      );
    },
  );
}

function nodePorts(site: Site): readonly { path: string; name: string; port: number }[] {
  const { exposure, instance } = site.harbor;
  if (!hasNginx(exposure) || exposure.type !== 'nodePort') return [];
  return (['httpPort', 'httpsPort'] as const).map((key) => ({
    path: `${site.path}.exposure.${key}`,
    name: `Harbor ${instance}`,
    port: exposure[key],
  }));
}
