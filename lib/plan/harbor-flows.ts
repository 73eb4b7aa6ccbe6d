import { type OutsideService, outsideService, redirectTarget, s3Service } from './backend.js';
import { anyone, type Flow, type Party, tcp } from './flows.js';
import type { Endpoint, HarborComponent, HarborPlan } from './harbor.js';
import { harborPods, METRICS_PORT, SOLVER_PORT, solverPods } from './harbor-names.js';
import type { SharedStorage } from './storage.js';

type Base = Omit<HarborPlan, 'secrets' | 'flows' | 'warnings'>;

/** Who talks to whom, each with the pod's own port. What runs inside one pod, such as core's replication at 127.0.0.1, is none. */
export function harborFlows(plan: Base): Flow[] {
  return [
    ...frontFlows(plan),
    ...solverFlows(plan),
    ...componentFlows(plan),
    ...databaseFlows(plan),
    ...cacheFlows(plan),
    ...storageFlows(plan),
    ...internetFlows(plan),
    ...metricsFlows(plan),
    ...checkFlows(plan),
    ...settingsFlows(plan),
    ...ecrFlows(plan),
  ];
}

const outside = (host: string, name: string): Party => ({ kind: 'external', host, name });

/** The components among these that run. */
const running = (plan: Base, names: readonly HarborComponent[]): Party[] =>
  names.filter((name) => name in plan.components).map((name) => harborPods(plan, name));

const to = (from: Party, endpoint: Endpoint, purpose: string): Flow =>
  tcp(from, endpoint.pods, endpoint.podPort, purpose);

function frontFlows(plan: Base): Flow[] {
  const { exposure, front, core, portal } = plan;
  if (front !== undefined) {
    const redirect = plan.tls.type === 'none' ? [] : [tcp(anyone('clients'), front.pods, 8080, 'redirect to https')];
    return [
      to(anyone('clients'), front, 'clients'),
      ...redirect,
      to(front.pods, core, 'clients'),
      to(front.pods, portal, 'pages'),
    ];
  }
  const from = controller(exposure);
  return [to(from, core, 'clients'), to(from, portal, 'pages')];
}

/** What takes requests in front of core and portal, where that is not our own nginx. */
const controller = (exposure: HarborPlan['exposure']): Party =>
  exposure.type === 'ingress' && exposure.controllerPods !== undefined
    ? { kind: 'pods', component: 'ingress controller', ...exposure.controllerPods }
    : anyone(exposure.type === 'gateway' ? 'Gateway' : 'ingress controller');

function solverFlows(plan: Base): Flow[] {
  const pods = solverPods(plan);
  return pods === undefined ? [] : [tcp(anyone('ACME issuer'), pods, SOLVER_PORT, 'proof of the domain')];
}

function componentFlows(plan: Base): Flow[] {
  const { core, portal, registry, registryctlEndpoint: registryctl, jobserviceEndpoint: jobservice } = plan;
  const { trivyEndpoint: trivy } = plan;
  const [corePods, jobPods] = [core.pods, jobservice.pods];
  return [
    to(corePods, registry, 'manifests and blobs'),
    to(corePods, registryctl, 'health'),
    to(corePods, jobservice, 'jobs'),
    to(corePods, portal, 'health'),
    to(jobPods, core, 'configuration, tokens, replication'),
    to(jobPods, registry, 'manifests and blobs'),
    to(jobPods, registryctl, 'garbage collection'),
    ...(trivy === undefined
      ? []
      : [to(corePods, trivy, 'scanner'), to(jobPods, trivy, 'scans'), to(trivy.pods, core, 'images to scan')]),
    ...running(plan, ['exporter']).map((exporter) => to(exporter, core, 'health')),
  ];
}

function databaseFlows(plan: Base): Flow[] {
  const { database } = plan;
  const server = database.type === 'embedded' ? harborPods(plan, 'database') : outside(database.host, 'PostgreSQL');
  return running(plan, ['core', 'jobservice', 'exporter']).map((from) => tcp(from, server, database.port, 'database'));
}

function cacheFlows(plan: Base): Flow[] {
  const { cache } = plan;
  const server =
    cache.type === 'embedded'
      ? harborPods(plan, 'redis')
      : outside(cache.hosts[0] ?? '', cache.type === 'sentinel' ? 'Redis with Sentinel' : 'Redis');
  const all = running(plan, ['core', 'jobservice', 'registry', 'trivy', 'exporter']).flatMap((from) =>
    cache.ports.map((port) => tcp(from, server, port, 'cache')),
  );
  const { core } = cache;
  if (core === undefined) return all;
  const ofCore = outside(core.hosts[0] ?? '', 'Redis of core');
  return [
    ...all,
    ...running(plan, usersOfCoreCache(plan)).flatMap((from) =>
      core.ports.map((port) => tcp(from, ofCore, port, 'cache')),
    ),
  ];
}

/** Who reaches what core keeps in the cache: jobservice only the copies of the cache layer. */
export const usersOfCoreCache = ({ cacheLayer }: Pick<HarborPlan, 'cacheLayer'>): readonly HarborComponent[] =>
  cacheLayer ? ['core', 'jobservice'] : ['core'];

/** The object store, for the registry that writes it, and for those whom it redirects there. A NAS is mounted by the nodes. */
function storageFlows(plan: Base): Flow[] {
  const registry = harborPods(plan, 'registry');
  const stores = storageServices(plan.storage);
  const redirected = redirectTarget(plan.storage);
  const readers = redirected === undefined ? [] : running(plan, ['core', 'jobservice', 'trivy']);
  return [
    ...stores.map((store) => tcp(registry, outside(store.host, 'object store'), store.port, 'image layers')),
    ...readers.map((from) =>
      tcp(
        from,
        outside(redirected?.host ?? '', 'object store'),
        redirected?.port ?? 443,
        'layers that the registry redirects',
      ),
    ),
    ...(usesNodeIdentity(plan.storage) ? METADATA.map((one) => tcp(registry, one.server, one.port, 'identity')) : []),
  ];
}

/** The services behind a storage; none for a NAS. */
function storageServices(storage: SharedStorage): readonly OutsideService[] {
  switch (storage.type) {
    case 's3':
      return [s3Service(storage)];
    case 'swift':
      // Keystone tells the registry where the objects are; nothing tells the plan.
      return [
        outsideService(storage.authUrl),
        storage.objectStoreUrl === undefined ? { host: '*', port: 443 } : outsideService(storage.objectStoreUrl),
      ];
    case 'gcs':
      return [{ host: 'storage.googleapis.com', port: 443 }];
    case 'nas':
      return [];
    default: {
      const store = redirectTarget({ ...storage, redirect: true });
      return store === undefined ? [] : [store];
    }
  }
}

/** Without a key, the registry asks the node's metadata service who it is. */
const usesNodeIdentity = (storage: SharedStorage): boolean =>
  (storage.type === 's3' || storage.type === 'gcs') && storage.credentialsSecret === undefined;

const metadata = (address: string): Party => ({
  kind: 'networks',
  cidrs: [`${address}/32`],
  name: 'instance metadata',
});
/** AWS and Google Cloud; GKE hands it to an agent of its own (cloud.google.com/kubernetes-engine/docs/how-to/network-policy). */
const METADATA = [
  { server: metadata('169.254.169.254'), port: 80 },
  { server: metadata('169.254.169.252'), port: 988 },
] as const;

/** Replication, proxy caches, webhooks and single sign-on; Trivy's vulnerability database. */
function internetFlows(plan: Base): Flow[] {
  const purposes = [
    ['core', 'other registries, webhooks, single sign-on'],
    ['jobservice', 'replication, webhooks'],
    ['trivy', 'vulnerability database'],
  ] as const;
  const proxies = [...new Set([plan.proxy?.http, plan.proxy?.https])].flatMap((url) =>
    url === undefined ? [] : [outsideService(url)],
  );
  const more = running(plan, ['core', 'jobservice', 'registry', 'trivy', 'exporter']).flatMap((from) =>
    plan.egressPorts.map((port) => tcp(from, anyone('services outside'), port, 'egressPorts')),
  );
  return [
    ...purposes.flatMap(([name, purpose]) =>
      running(plan, [name]).flatMap((from) => [
        tcp(from, anyone('internet'), 443, purpose),
        ...proxies.map((proxy) => tcp(from, outside(proxy.host, 'proxy'), proxy.port, purpose)),
      ]),
    ),
    ...mirrorFlows(plan),
    ...more,
  ];
}

/** Mirrors of the vulnerability database that have a port of their own. */
const mirrorFlows = (plan: Base): Flow[] =>
  running(plan, ['trivy']).flatMap((from) =>
    (plan.trivy?.dbRepository ?? [])
      .filter((repository) => /^[^/]+:\d+\//.test(repository))
      .map((repository) => outsideService(repository))
      .map(({ host, port }) => tcp(from, outside(host, 'vulnerability database'), port, 'vulnerability database')),
  );

function metricsFlows(plan: Base): Flow[] {
  if (!plan.metrics) return [];
  const scraped = running(plan, ['core', 'jobservice', 'registry', 'exporter']);
  const { trivyEndpoint: trivy } = plan;
  return [
    ...scraped.map((pods) => tcp(anyone('Prometheus'), pods, METRICS_PORT, 'metrics')),
    ...(trivy === undefined ? [] : [to(anyone('Prometheus'), trivy, 'metrics')]),
  ];
}

/**
 * Ports of the pods that take requests: of Traefik, Contour, HAProxy and Kong, and of Envoy Gateway. An address of a load balancer
 * that leads back into the cluster is replaced by that of a pod, with the pod's own port, before policies are asked.
 */
const CONTROLLER_PORTS = { http: [8000, 8080, 10080], https: [8443, 10443] } as const;

/** The check comes in as clients do, by the public name. */
function checkFlows(plan: Base): Flow[] {
  if (!plan.check.enabled) return [];
  const check = harborPods(plan, 'check');
  const redirected = redirectTarget(plan.storage);
  const isTls = plan.url.startsWith('https:');
  const controllerPorts = CONTROLLER_PORTS[isTls ? 'https' : 'http'];
  return [
    tcp(check, anyone('the public name'), isTls ? 443 : 80, 'check'),
    ...(plan.front === undefined
      ? controllerPorts.map((port) => tcp(check, controller(plan.exposure), port, 'check'))
      : [to(check, plan.front, 'check')]),
    ...(redirected === undefined
      ? []
      : [tcp(check, outside(redirected.host, 'object store'), redirected.port, 'check')]),
  ];
}

/** Runs of the reconciler, and what measures replication. */
function settingsFlows({ reconcile, core, ...plan }: Base): Flow[] {
  if (reconcile === undefined) return [];
  const runs = harborPods(plan, 'settings');
  const { exporter } = reconcile;
  return [
    to(runs, core, 'settings'),
    ...(exporter === undefined
      ? []
      : [
          to(runs, exporter.endpoint, 'results of settings'),
          to(exporter.endpoint.pods, core, 'executions of replication'),
          to(anyone('Prometheus'), exporter.endpoint, 'metrics'),
        ]),
  ];
}

/** Without a key or a role of their own, core and jobservice ask Pod Identity's agent or the node's metadata service who they are. */
function ecrFlows(plan: Base): Flow[] {
  const { settings, registryRole } = plan;
  const byIdentity = settings?.registries.some(({ type, username }) => type === 'aws-ecr' && username === undefined);
  if (byIdentity !== true || registryRole !== undefined) return [];
  const servers = [metadata('169.254.169.254'), metadata('169.254.170.23')];
  return running(plan, ['core', 'jobservice']).flatMap((from) =>
    servers.map((server) => tcp(from, server, 80, 'identity')),
  );
}
