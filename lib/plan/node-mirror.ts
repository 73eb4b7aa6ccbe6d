import { seal } from './freeze.js';
import type { HarborPlan, Pods } from './harbor.js';
import { type Issue, Issues } from './issues.js';
import type { KrakenPlan } from './kraken.js';
import { type TrustPlan, trustConfigMaps } from './kraken-certificates.js';
import { IMAGE, NAMESPACE, OBJECT_NAME } from './names.js';
import { type NodePodsPlan, type NodePodsProps, readNodePods } from './node-pods.js';
import { type Duration, milliseconds } from './quantities.js';
import { Reader, type TextRule } from './reader.js';
import type { SecretPlan } from './secrets.js';
import { type CaSource, PEM } from './tls.js';

/** One place a node asks for an image, in order. */
export interface MirrorHost {
  /** Such as `http://127.0.0.1:16000` or `https://virginia.registry.example.com`. */
  readonly url: string;
  /** What it is, for the report: `agent`, `region virginia`. */
  readonly name: string;
  /** Whether it may answer which digest a tag is; an agent's answer may be five minutes old. */
  readonly resolve: boolean;
  readonly dialTimeout: string;
  /** Whether the topology's private CA signed its certificate. */
  readonly privateCa: boolean;
}

/** One place a node asks for an image. */
export interface MirrorHostProps {
  /** With scheme, without path. */
  readonly url: string;
  /** What it is, for the report. @default - its address */
  readonly name?: string;
  /** Whether it may say which digest a tag is. @default true */
  readonly resolve?: boolean;
  /** How long a node waits for a connection before it asks the next. @default 3s: another region may be far away */
  readonly dialTimeout?: Duration;
  /** Whether `ca` signed its certificate. @default - true when there is a `ca` */
  readonly privateCa?: boolean;
}

/** Settings of one node mirror: containerd's `hosts.toml` for one registry name, on every node. */
export interface NodeMirrorProps {
  /** Prefix of its objects' names and its mark in the files it writes. @default - that of the Kraken; `harbor` in a region without one, else `kraken` */
  readonly instance?: string;
  /** @default - the Kraken's `nodeNamespace`, or `<instance>-nodes` */
  readonly namespace?: string;
  /** Kraken whose agents are asked first; brings image, namespace, and the nodes it runs on. @default - no agent is asked */
  readonly kraken?: KrakenPlan | { readonly plan: KrakenPlan };
  /** Harbor asked last; brings domain, URL and CA. */
  readonly registry?: HarborPlan | { readonly plan: HarborPlan };
  /** The name in image references, with the port when they have one. @default - that of the Harbor */
  readonly domain?: string;
  /** Where a node asks when no host answers. @default - the Harbor's URL, or `https://<domain>` */
  readonly server?: string;
  /** Whom nodes ask after their agent and before `server`, in order: the regional Harbor by its own name, then other regions. @default - none */
  readonly hosts?: readonly MirrorHostProps[];
  /** Whether an agent may say which digest a tag is. With `false` every pull by tag needs Harbor; with `true` a tag that was moved is seen up to five minutes late. @default true */
  readonly agentResolve?: boolean;
  /** How long a node waits for its agent. One that does not answer at all costs a pull four times as much, and once more for every three layers beyond the third (containerd fetches three at a time), at containerd 2.1 or later. @default 200ms: an image of up to three layers then loses less than a second */
  readonly agentDialTimeout?: Duration;
  /** PEM of the CA that signed the hosts' certificates. @default - that of the Harbor; none for a public CA */
  readonly ca?: string;
  /** Folder of containerd's host configuration on the nodes. @default /etc/containerd/certs.d */
  readonly configPath?: string;
  /** Folder of containerd's own configuration on the nodes; for k3s `/var/lib/rancher/k3s/agent/etc/containerd`. @default /etc/containerd */
  readonly containerdConfig?: string;
  /** containerd's minor version on the nodes. Below 2.1 it knows no `dial_timeout`. @default 2.1 */
  readonly containerd?: string;
  /** Any image with sh, cat, grep, ls, mkdir, mv, rm, sed and sleep. @default - the Kraken's, which nodes have anyway */
  readonly image?: string;
  /** Secrets with credentials of the registry that the image comes from. @default - the Kraken's */
  readonly imagePullSecrets?: readonly string[];
  /** Nodes that get it. @default - those of the agents, or every node */
  readonly nodes?: NodePodsProps;
}

/** The node mirror of one region as planned. */
export interface NodeMirrorPlan {
  readonly kind: 'NodeMirror';
  readonly instance: string;
  readonly namespace: string;
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  readonly domain: string;
  /** The last resort, asked when no host answers. */
  readonly server: string;
  readonly hosts: readonly MirrorHost[];
  readonly ca: CaSource;
  /** ConfigMap of that CA; nothing without one. */
  readonly trusts: readonly TrustPlan[];
  /** Folder of containerd's host configuration on the node. */
  readonly configPath: string;
  /** Folder of containerd's own configuration on the node. */
  readonly containerdConfig: string;
  /** Whether this containerd ignores hosts.toml where its config_path is a list of folders. */
  readonly singleConfigPath: boolean;
  readonly nodes: NodePodsPlan;
  readonly secrets: readonly SecretPlan[];
  /** What works, but not as well as one may think. */
  readonly warnings: readonly Issue[];
}

/** What is known already where a node mirror is part of something bigger; its own settings win. */
export type NodeMirrorGiven = Omit<NodeMirrorProps, 'kraken' | 'registry' | 'ca' | 'hosts'> & {
  readonly kraken?: KrakenPlan;
  readonly registry?: HarborPlan;
  readonly ca?: CaSource;
  /** Already planned: in a topology every region has the same ones, each in an order of its own. */
  readonly hosts?: readonly MirrorHost[];
};

/** Plans one node mirror. Throws a `PlanError` with every mistake. */
export function planNodeMirror(props: NodeMirrorProps): NodeMirrorPlan {
  const issues = new Issues('the settings of a node mirror');
  const plan = readNodeMirror(new Reader(props, '', issues));
  issues.throwIfAny();
  return seal({ ...plan, warnings: issues.warnings });
}

const SETTINGS = [
  'instance',
  'namespace',
  'kraken',
  'registry',
  'domain',
  'server',
  'hosts',
  'agentResolve',
  'agentDialTimeout',
  'ca',
  'configPath',
  'containerdConfig',
  'containerd',
  'image',
  'imagePullSecrets',
  'nodes',
] as const satisfies readonly (keyof NodeMirrorProps)[];

const INSTANCE: TextRule = { ...NAMESPACE, allowed: NAMESPACE.allowed.replace('63', '40'), maxLength: 40 };
const DOMAIN: TextRule = {
  pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/,
  allowed: 'the name in image references, such as registry.example.com or registry.example.com:8443',
  maxLength: 259,
};
const URL_WITHOUT_PATH: TextRule = {
  pattern: /^https?:\/\/[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:\d{1,5})?$/,
  allowed: 'a URL without a path, such as https://virginia.registry.example.com',
};
const FOLDER: TextRule = {
  pattern: /^(\/[-A-Za-z0-9._]+)+$/,
  allowed: 'an absolute folder without a slash at its end',
};
const VERSION: TextRule = { pattern: /^v?\d+\.\d+(\.\d+)?$/, allowed: 'a version such as "2.1"', known: true };

/** Reads one node mirror and records every mistake; what it leaves open comes from `given`. */
export function readNodeMirror(reader: Reader, given: NodeMirrorGiven = {}): NodeMirrorPlan {
  reader.only(...SETTINGS);
  const kraken = planOf<KrakenPlan>(reader, 'kraken', 'Kraken') ?? given.kraken;
  const registry = planOf<HarborPlan>(reader, 'registry', 'Harbor') ?? given.registry;
  const instance = reader.text('instance', INSTANCE) ?? given.instance ?? kraken?.instance ?? 'kraken';
  const namespace =
    reader.text('namespace', NAMESPACE) ?? given.namespace ?? kraken?.nodeNamespace ?? `${instance}-nodes`;
  const pem = reader.text('ca', PEM);
  const ca: CaSource = pem === undefined ? (given.ca ?? registry?.ca) : { from: 'text', pem };
  const domain = reader.text('domain', DOMAIN) ?? given.domain ?? registry?.domain;
  if (domain === undefined && !reader.has('domain')) {
    reader.missing('domain', 'the name in image references, or the Harbor as registry');
  }
  const image = reader.text('image', IMAGE) ?? given.image ?? kraken?.image;
  if (image === undefined && !reader.has('image')) reader.missing('image', 'an image, or the Kraken as kraken');
  const version = reader.text('containerd', VERSION) ?? given.containerd ?? '2.1';
  const server = reader.text('server', URL_WITHOUT_PATH) ?? given.server ?? registry?.url ?? `https://${domain}`;
  const hosts = readHosts(reader, given, kraken, ca);
  const trusts: readonly TrustPlan[] = ca === undefined ? [] : [trustOf(instance, namespace, ca)];
  return {
    kind: 'NodeMirror',
    instance,
    namespace,
    image: image ?? '',
    imagePullSecrets:
      reader.texts('imagePullSecrets', OBJECT_NAME) ?? given.imagePullSecrets ?? kraken?.imagePullSecrets ?? [],
    domain: domain ?? '',
    server,
    // containerd may reject a file that names no host at all: https://github.com/containerd/containerd/issues/13212
    hosts: hosts.length > 0 ? hosts : [mirrorHost(server, 'registry', ca)],
    ca,
    trusts,
    configPath: reader.text('configPath', FOLDER) ?? given.configPath ?? '/etc/containerd/certs.d',
    containerdConfig: reader.text('containerdConfig', FOLDER) ?? given.containerdConfig ?? '/etc/containerd',
    // https://github.com/containerd/containerd/issues/12415: pulls by the transfer service take the list for one folder.
    singleConfigPath: checkContainerd(reader, version),
    nodes: readNodePods(reader, 'nodes', given.nodes ?? kraken?.agents),
    secrets: trustConfigMaps(trusts),
    warnings: [],
  };
}

function planOf<T extends { readonly kind: string }>(
  reader: Reader,
  key: 'kraken' | 'registry',
  kind: T['kind'],
): T | undefined {
  const given = reader.raw(key);
  if (given === undefined) return undefined;
  const plan = given !== null && typeof given === 'object' && 'plan' in given ? given.plan : given;
  if (plan !== null && typeof plan === 'object' && 'kind' in plan && plan.kind === kind) return plan as T;
  const fix = `pass the object that new ${kind}(…) or plan${kind}(…) returned`;
  reader.issues.error(reader.at(key), `is not a ${kind}`, typeof given, `a ${kind} construct or its plan`, fix);
  return undefined;
}

function readHosts(
  reader: Reader,
  given: NodeMirrorGiven,
  kraken: KrakenPlan | undefined,
  ca: CaSource,
): readonly MirrorHost[] {
  const DIAL = 'a duration such as "500ms"';
  const agent: MirrorHost[] = [];
  const resolve = reader.flag('agentResolve') ?? given.agentResolve ?? true;
  const dialTimeout =
    reader.quantity<Duration>('agentDialTimeout', milliseconds, DIAL) ?? given.agentDialTimeout ?? '200ms';
  if (kraken !== undefined) {
    agent.push({ url: `http://127.0.0.1:${kraken.agentPort}`, name: 'agent', resolve, dialTimeout, privateCa: false });
  }
  const readHost = (host: Reader): MirrorHost => {
    host.only('url', 'name', 'resolve', 'dialTimeout', 'privateCa');
    const url = host.requiredText('url', URL_WITHOUT_PATH);
    // Whether a URL that is known late is https cannot be asked; a CA for a plain host is read by nobody.
    const fallback = mirrorHost(url, host.text('name') ?? url, ca);
    return {
      ...fallback,
      resolve: host.flag('resolve') ?? fallback.resolve,
      dialTimeout: host.quantity<Duration>('dialTimeout', milliseconds, DIAL) ?? fallback.dialTimeout,
      privateCa: host.flag('privateCa') ?? fallback.privateCa,
    };
  };
  const others = reader.has('hosts') ? reader.items('hosts').map(readHost) : (given.hosts ?? []);
  const hosts = [...agent, ...others];
  const seen = new Set<string>();
  for (const { url } of hosts) {
    const allowed = 'every host once';
    if (seen.has(url))
      reader.issues.error(reader.at('hosts'), 'names a host twice', url, allowed, 'remove one of them');
    seen.add(url);
  }
  return hosts;
}

/** How long a node waits for a connection to a Harbor: long enough for another continent. */
export const DIAL_TIMEOUT: Duration = '3s';

/** A Harbor as one place a node asks. */
export const mirrorHost = (url: string, name: string, ca: CaSource): MirrorHost => ({
  url,
  name,
  resolve: true,
  dialTimeout: DIAL_TIMEOUT,
  privateCa: ca !== undefined,
});

/** Warns of a containerd that waits long for a dead agent; returns whether it wants a single folder as config_path. */
function checkContainerd(reader: Reader, version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const atLeast21 = major > 2 || (major === 2 && minor >= 1);
  if (!atLeast21) {
    reader.issues.warning(
      reader.at('containerd'),
      'knows no dial_timeout',
      version,
      'containerd 2.1 or later, where a dead agent costs less than a second',
      'upgrade containerd; until then a node whose agent does not answer at all waits up to 30 seconds for each request',
    );
  }
  return atLeast21;
}

const trustOf = (instance: string, namespace: string, ca: NonNullable<CaSource>): TrustPlan => ({
  namespace,
  configMap: `${instance}-node-mirror-ca`,
  ca,
  file: 'ca.crt',
  readers: [`${namespace}/node-mirror`],
});

/** The pods of a node mirror: where they are and the labels that select them. */
export const mirrorPods = (plan: Pick<NodeMirrorPlan, 'instance' | 'namespace'>): Pods => ({
  kind: 'pods',
  namespace: plan.namespace,
  component: 'node-mirror',
  labels: {
    'app.kubernetes.io/name': 'node-mirror',
    'app.kubernetes.io/instance': plan.instance,
    'app.kubernetes.io/component': 'node-mirror',
  },
});
