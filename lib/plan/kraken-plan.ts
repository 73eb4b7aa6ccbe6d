import { IPV4_RANGE } from './address-rules.js';
import { type BackendPlan, readBackend, redirectTarget } from './backend.js';
import { type ComponentPlan, type InstallationSize, readComponent } from './components.js';
import { seal } from './freeze.js';
import { readSecret } from './given-secrets.js';
import type { HarborPlan } from './harbor.js';
import { Issues } from './issues.js';
import {
  type CacheVolumePlan,
  COMPONENT_NAMES,
  type KrakenComponent,
  type KrakenPlan,
  type KrakenProps,
  podsOf,
} from './kraken.js';
import { krakenCertificates, krakenTrusts } from './kraken-certificates.js';
import { krakenFlows } from './kraken-flows.js';
import { readBandwidth, readPieceLengths, readPorts } from './kraken-limits.js';
import { krakenRobot, krakenSecrets, type RegistryAccount } from './kraken-secrets.js';
import { KRAKEN_SIZES, type KrakenSize } from './kraken-sizes.js';
import { IMAGE, NAMESPACE, OBJECT_NAME, PROJECT_NAME } from './names.js';
import { readNodePods } from './node-pods.js';
import { bytes, type Duration, milliseconds, type Size } from './quantities.js';
import { Reader, type TextRule } from './reader.js';
import { checkRevisions } from './secrets.js';
import { readTls, type Tls, warnOfRenewal } from './tls.js';

/** Instance names: `<instance>-build-index` must leave room for the hash that a StatefulSet adds to it in a label. */
export const KRAKEN_INSTANCE: TextRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  allowed: 'lower-case letters, digits and "-", beginning with a letter, at most 40 characters',
  maxLength: 40,
  known: true,
};

/** What is known already where Kraken is part of something bigger; its own settings win. */
export type KrakenGiven = Partial<Omit<KrakenProps, 'registry' | 'backend' | 'ports' | 'bandwidth'>> & {
  readonly registry?: HarborPlan;
};

/** Plans one Kraken; see `planKraken` of the catalogue. */
export function planKraken(props: KrakenProps): KrakenPlan {
  const issues = new Issues('the settings of a Kraken');
  const plan = readKraken(new Reader(props, '', issues));
  issues.throwIfAny();
  return seal({ ...plan, warnings: issues.warnings });
}

const SETTINGS = [
  'instance',
  'namespace',
  'nodeNamespace',
  'registry',
  'backend',
  'projects',
  'image',
  'imagePullSecrets',
  'size',
  'components',
  'tls',
  'ports',
  'bandwidth',
  'pieceLength',
  'maxReplica',
  'cache',
  'volumes',
  'registryAccount',
  'agents',
  'nodeCidr',
  'secretRevisions',
] as const satisfies readonly (keyof KrakenProps)[];

/** Reads one Kraken and records every mistake; what it leaves open comes from `given`. */
export function readKraken(reader: Reader, given: KrakenGiven = {}): KrakenPlan {
  reader.only(...SETTINGS);
  const instance = reader.text('instance', KRAKEN_INSTANCE) ?? given.instance ?? 'kraken';
  const registry = registryOf(reader) ?? given.registry;
  const size = reader.choice('size', ['small', 'medium', 'large'] as const) ?? given.size ?? 'small';
  const backend = readBackend(reader, 'backend', instance, registry?.storage);
  const pieceLengths = readPieceLengths(reader, 'pieceLength');
  const cache = readCache(reader, KRAKEN_SIZES[size], given);
  const components = readComponents(reader, size, backend, cache.agentSize);
  const account = readAccount(reader, instance, given, registry);
  const tls = readTls(reader, 'tls', given.tls ?? (size === 'small' ? NO_TLS : PROVIDED_TLS));
  checkCa(reader, tls);
  warnOfRenewal(reader, 'tls', tls);
  const ports = readPorts(reader, 'ports');
  const namespace = reader.text('namespace', NAMESPACE) ?? given.namespace ?? instance;
  const parts = {
    kind: 'Kraken' as const,
    instance,
    namespace,
    nodeNamespace: reader.text('nodeNamespace', NAMESPACE) ?? given.nodeNamespace ?? `${instance}-nodes`,
    version: '0.1.27' as const,
    image: readImage(reader, given),
    imagePullSecrets: reader.texts('imagePullSecrets', OBJECT_NAME) ?? given.imagePullSecrets ?? [],
    size,
    components,
    tls,
    tlsSecret: tls.type === 'none' ? undefined : tls.type === 'existingSecret' ? tls.name : `${instance}-tls`,
    backend,
    registry: registry && { core: registry.core, ca: registry.internalCa, accountSecret: account.secret },
    storageCa: registry && storageCa(registry, backend),
    ports,
    agentPort: ports.agent,
    hostPorts: [ports.agent],
    bandwidth: readBandwidth(reader, 'bandwidth', pieceLengths),
    pieceLengths,
    cache,
    volumes: readVolumes(reader, KRAKEN_SIZES[size]),
    agents: readNodePods(reader, 'agents', given.agents),
    nodeCidr: reader.text('nodeCidr', IPV4_RANGE) ?? given.nodeCidr,
    projects: readProjects(reader, backend, given),
    secretRevisions: reader.textMap('secretRevisions') ?? given.secretRevisions ?? {},
  };
  const base = { ...parts, certificates: krakenCertificates(parts), trusts: krakenTrusts(parts) };
  if (base.namespace === base.nodeNamespace) {
    reader.issues.error(
      reader.at('nodeNamespace'),
      'is the namespace of the other components',
      base.nodeNamespace,
      'a namespace of its own: pods with a port on their node are refused where the restricted profile is enforced',
      `set it to "${instance}-nodes"`,
    );
  }
  const proxy = podsOf(base, 'proxy');
  const secrets = krakenSecrets(base, registry, account);
  checkRevisions(reader, base, [
    ...secrets.filter(({ objectKind }) => objectKind === 'Secret').map(({ name }) => name),
    ...base.certificates.map(({ secret }) => secret),
  ]);
  return {
    ...base,
    hosts: {
      origin: hostsOf(base, 'origin'),
      tracker: hostsOf(base, 'tracker'),
      buildIndex: hostsOf(base, 'buildIndex'),
    },
    maxReplica: readMaxReplica(reader, components.origin?.replicas ?? 1, given),
    notification: {
      name: instance,
      url: `http://${instance}-proxy.${namespace}.svc.cluster.local:${ports.notification}/registry/notifications`,
      pods: proxy,
    },
    secrets,
    flows: krakenFlows(base, registry),
    warnings: [],
  };
}

const NO_TLS: Tls = { type: 'none' };
const PROVIDED_TLS: Tls = { type: 'provided' };

/** Kraken's components trust nothing but the CA of their own certificates. */
function checkCa(reader: Reader, tls: Tls): void {
  if (tls.type !== 'provided' || tls.certificate === undefined || tls.ca !== undefined) return;
  reader.issues.error(
    reader.at('tls.ca'),
    'is missing: components verify each other by it',
    undefined,
    'PEM of the CA that signed the certificate',
    'add ca, or leave certificate out to have one issued',
  );
}

/** The CA of the object store that origins read, themselves or by Harbor's redirects. */
function storageCa({ storage }: HarborPlan, backend: BackendPlan): string | undefined {
  if (storage.type !== 's3') return undefined;
  return backend.type === 's3' || redirectTarget(storage) !== undefined ? storage.ca : undefined;
}

/** The plan of a Harbor that was given as a plan, or as a construct that has one. */
function registryOf(reader: Reader): HarborPlan | undefined {
  const given = reader.raw('registry');
  if (given === undefined) return undefined;
  const plan =
    given !== null && typeof given === 'object' && 'plan' in given ? given.plan : (given as Partial<HarborPlan>);
  if (plan !== null && typeof plan === 'object' && 'kind' in plan && plan.kind === 'Harbor') return plan as HarborPlan;
  reader.issues.error(
    reader.at('registry'),
    'is not a Harbor',
    typeof given,
    'a Harbor construct or a HarborPlan',
    'pass the object that new Harbor(…) or planHarbor(…) returned',
  );
  return undefined;
}

function readImage(reader: Reader, given: KrakenGiven): string {
  const image = reader.text('image', IMAGE) ?? given.image;
  if (image !== undefined || reader.has('image')) return image ?? '';
  reader.issues.error(
    reader.at('image'),
    'is missing: no image of Kraken is published anywhere',
    undefined,
    IMAGE.allowed,
    'build it (docker build node_modules/harbor-fleet/images/kraken), push it, and name it here',
  );
  return '';
}

function readComponents(
  reader: Reader,
  size: InstallationSize,
  backend: BackendPlan,
  agentCache: Size,
): Readonly<Partial<Record<KrakenComponent, ComponentPlan>>> {
  const bySize = KRAKEN_SIZES[size].components;
  const names = Object.keys(bySize) as KrakenComponent[];
  const overrides = reader.child('components').only(...names);
  // One agent a node and one demo store: more of either makes no sense.
  const most = (name: KrakenComponent): number => (name === 'agent' || name === 'testfs' ? 1 : 100);
  const plans = names.map((name) => {
    const fallback = name === 'agent' ? agentPlan(bySize.agent, agentCache) : bySize[name];
    return [name, readComponent(overrides, name, fallback, most(name))] as const;
  });
  const agent = plans.find(([name]) => name === 'agent')?.[1];
  if (agent !== undefined && bytes(agent.resources.ephemeralStorage) < bytes(agentCache)) {
    reader.issues.error(
      reader.at('components.agent.resources.ephemeralStorage'),
      'is less than the agent keeps on its node',
      agent.resources.ephemeralStorage,
      `at least the size of its cache, ${agentCache}`,
      'leave it out, or lower cache.agentSize',
    );
  }
  return Object.fromEntries(plans.filter(([name]) => name !== 'testfs' || backend.type === 'testfs'));
}

/** An agent's cache is on its node's disk, so the disk it asks for is its cache, and some for nginx and temporary files. */
const agentPlan = (bySize: ComponentPlan, cache: Size): ComponentPlan => ({
  replicas: bySize.replicas,
  resources: { ...bySize.resources, ephemeralStorage: `${Math.ceil(bytes(cache) / 2 ** 20) + 1024}Mi` },
});

function readCache(reader: Reader, bySize: KrakenSize, given: KrakenGiven): KrakenPlan['cache'] {
  const cache = reader.child('cache').only('agentTtl', 'originTti', 'agentSize');
  // Kraken looks for old blobs every 30 minutes.
  const lifetime = (key: string): Duration | undefined =>
    cache.quantity<Duration>(key, milliseconds, 'a duration of at least "1h", such as "24h"', milliseconds('1h'));
  return {
    agentTtl: lifetime('agentTtl') ?? given.cache?.agentTtl ?? '24h',
    originTti: lifetime('originTti') ?? given.cache?.originTti ?? '24h',
    agentSize:
      cache.quantity<Size>('agentSize', bytes, 'a size of at least "1Gi"', bytes('1Gi')) ??
      given.cache?.agentSize ??
      bySize.agentCache,
  };
}

function readVolumes(reader: Reader, bySize: KrakenSize): KrakenPlan['volumes'] {
  const volumes = reader.child('volumes').only('origin', 'buildIndex');
  const volume = (key: string, fallback: Size): CacheVolumePlan => {
    const one = volumes.child(key).only('size', 'storageClass');
    return {
      size: one.quantity<Size>('size', bytes, 'a size of at least "1Gi"', bytes('1Gi')) ?? fallback,
      storageClass: one.text('storageClass', OBJECT_NAME),
    };
  };
  return { origin: volume('origin', bySize.originVolume), buildIndex: volume('buildIndex', bySize.buildIndexVolume) };
}

function readAccount(
  reader: Reader,
  instance: string,
  given: KrakenGiven,
  registry: HarborPlan | undefined,
): RegistryAccount {
  const account = reader.child('registryAccount').only('username', 'password', 'secret');
  const planned = `${instance}-registry-account`;
  const robot = registry && krakenRobot(registry);
  const username = account.text('username') ?? given.registryAccount?.username ?? robot?.username ?? 'admin';
  const isPlanned = username === 'admin' || username === robot?.username;
  const own = readSecret(account, {
    value: 'password',
    secret: 'secret',
    key: 'auth.conf, as an nginx line',
    planned,
    required: account.has('username') && !isPlanned && given.registryAccount?.secret === undefined,
  });
  const existing = own.given === undefined ? (own.secret ?? given.registryAccount?.secret) : undefined;
  const passwordOf = username === robot?.username ? robot.passwordOf : undefined;
  return {
    username,
    secret: existing ?? planned,
    existing: existing !== undefined,
    password: own.given,
    passwordOf,
  };
}

function readMaxReplica(reader: Reader, origins: number, given: KrakenGiven): number {
  const copies = reader.count('maxReplica', 1, 10) ?? given.maxReplica;
  if (copies !== undefined && copies > origins) {
    reader.issues.error(
      reader.at('maxReplica'),
      'is more than there are origins',
      copies,
      `at most ${origins}`,
      `set it to ${origins}, or raise components.origin.replicas`,
    );
  }
  return copies ?? Math.min(2, origins);
}

function readProjects(reader: Reader, backend: BackendPlan, given: KrakenGiven): readonly string[] | 'all' {
  const projects =
    reader.raw('projects') === 'all' ? 'all' : (reader.texts('projects', PROJECT_NAME) ?? given.projects ?? 'all');
  if (projects === 'all') return projects;
  if (projects.length === 0) {
    reader.issues.warning(
      reader.at('projects'),
      'is empty: peers serve nothing',
      projects,
      'at least one project, or all',
      'name a project that peers may serve, or leave Kraken out',
    );
  }
  if (backend.type === 's3') {
    reader.issues.warning(
      reader.at('backend'),
      'does not keep projects apart: whoever knows the digest of a blob gets it by the name of any project served',
      's3',
      'harbor, where each project is asked for by name',
      'use Backend.harbor(), or accept that digests are the only secret',
    );
  }
  return [...new Set(projects)].sort();
}

/** Full names of a component's pods: stable ones, because Kraken's hash ring is made of the very texts of its list. */
function hostsOf(
  plan: Pick<KrakenPlan, 'instance' | 'namespace' | 'components'>,
  component: 'origin' | 'tracker' | 'buildIndex',
): string[] {
  const service = `${plan.instance}-${COMPONENT_NAMES[component]}`;
  return Array.from(
    { length: plan.components[component]?.replicas ?? 0 },
    (_, i) => `${service}-${i}.${service}.${plan.namespace}.svc.cluster.local`,
  );
}
