import type { Backend, BackendPlan } from './backend.js';
import type { ComponentPlan, ComponentProps, InstallationSize } from './components.js';
import type { Flow } from './flows.js';
import type { Endpoint, HarborPlan, Pods } from './harbor.js';
import type { Issue } from './issues.js';
import type { KrakenCertificate, TrustPlan } from './kraken-certificates.js';
import type { NodePodsPlan, NodePodsProps } from './node-pods.js';
import type { Bandwidth, Duration, Size } from './quantities.js';
import type { SecretPlan } from './secrets.js';
import type { CaSource, Tls } from './tls.js';

export type KrakenComponent = 'origin' | 'tracker' | 'buildIndex' | 'proxy' | 'agent' | 'testfs';

/** What a component is called in Kubernetes: in object names, labels and flows. */
export const COMPONENT_NAMES: Readonly<Record<KrakenComponent, string>> = {
  origin: 'origin',
  tracker: 'tracker',
  buildIndex: 'build-index',
  proxy: 'proxy',
  agent: 'agent',
  testfs: 'testfs',
};

/** TCP ports of Kraken's pods; all but `agent` are seen inside the cluster only. */
export interface KrakenPorts {
  /** Where containerd finds the agent: on the loopback address of every node, so nothing else may listen there. @default 16000 */
  readonly agent: number;
  /** Pieces between agents. @default 16001 */
  readonly agentPeer: number;
  /** Health of an agent. @default 16002 */
  readonly agentServer: number;
  /** Pieces from origins to agents. @default 15001 */
  readonly originPeer: number;
  /** Blobs and metainfo of origins. @default 15002 */
  readonly origin: number;
  /** @default 15003 */
  readonly tracker: number;
  /** @default 15004 */
  readonly buildIndex: number;
  /** Kraken's push registry; unused with Harbor. @default 15000 */
  readonly proxy: number;
  /** Where Harbor's registry reports pushes. @default 15005 */
  readonly notification: number;
  /** @default 14000 */
  readonly testfs: number;
}

/** Most that one pod sends and receives as pieces, all its peers together. */
export interface PeerBandwidth {
  /** @default 1.6Gbit/s, Kraken's own: a busy agent then takes that much of its node's network while others pull from it */
  readonly egress?: Bandwidth;
  /** @default 2.4Gbit/s, Kraken's own */
  readonly ingress?: Bandwidth;
}

/** Blobs from this size on are cut into pieces of this length. */
export interface PieceStep {
  /** Such as `2Gi`; the first step is from `0Mi`. */
  readonly from: Size;
  readonly length: Size;
}

/** A volume that each pod of a component gets from a StorageClass. It holds a cache: losing it costs time, never an image. */
export interface CacheVolumeProps {
  /** @default - by size */
  readonly size?: Size;
  /** @default - the cluster's default class */
  readonly storageClass?: string;
}

/** The account that reads images from Harbor. */
export interface RegistryAccountProps {
  /** Such as `robot$kraken`. @default - the robot `kraken` where the Harbor has `settings`, else admin */
  readonly username?: string;
  /** Its password; only a value known when deployed (a Pulumi Output). @default - `secret`; else that of the planned robot, or Harbor's first admin password */
  readonly password?: string;
  /**
   * Name of a Secret in Kraken's namespace that exists already, with the key `auth.conf` holding the nginx line
   * `proxy_set_header Authorization "Basic …";` with base64 of `username:password`. A robot account that may pull the
   * projects is enough, and safer than the admin. @default - `<instance>-registry-account`, made of the planned robot where the Harbor
   * has `settings`; else of Harbor's first admin password: once that is changed in Harbor, Kraken needs the new one here
   */
  readonly secret?: string;
}

/** Settings of one Kraken. */
export interface KrakenProps {
  /** Prefix of its objects' names; each Kraken of a cluster needs another, at most 40 characters. @default kraken; `<tenant>-kraken` for that of a tenant */
  readonly instance?: string;
  /** Namespace of origin, tracker, build-index and proxy. @default - the instance's name */
  readonly namespace?: string;
  /** Namespace of the agents, which take a port on their nodes. @default `<instance>-nodes` */
  readonly nodeNamespace?: string;
  /** The Harbor whose images it spreads: the construct, or its plan. @default - none; then the backend must be testfs */
  readonly registry?: HarborPlan | { readonly plan: HarborPlan };
  /** Where Kraken finds what no peer has yet. @default - Harbor's core */
  readonly backend?: Backend;
  /**
   * Projects that peers may serve: whoever reaches an agent's port pulls them without Harbor asking who it is. All others never
   * reach Kraken, and nodes pull them from Harbor. @default all
   */
  readonly projects?: readonly string[] | 'all';
  /** Kraken's image. None is published anywhere: `docker build` of this package's images/kraken makes it. */
  readonly image: string;
  /** Secrets with credentials of the registry that the image comes from, in both namespaces. It must not be the Harbor that Kraken serves. @default - in a topology `images.pullSecrets`, else none */
  readonly imagePullSecrets?: readonly string[];
  /**
   * `small` has one pod of each, `medium` survives the loss of any pod, `large` is for thousands of nodes. While Harbor is away, a
   * tag is known to those build-indexes alone that were asked for it before, and an agent asks any one of them: a tag that few
   * nodes pulled may need a second try. Another size has other volumes, see `volumes`. @default - in a topology that of the region, else small
   */
  readonly size?: InstallationSize;
  /** Pods and resources of single components. @default - by size */
  readonly components?: Readonly<Partial<Record<KrakenComponent, ComponentProps>>>;
  /**
   * TLS between components, with client certificates for whatever writes. Pieces between peers stay plain TCP: Kraken cannot
   * encrypt them. An existing Secret must be in both namespaces, with a `ca.crt` and a certificate for servers and clients that
   * names `kraken`; cert-manager needs an issuer with a private CA, as no public one knows that name. Pods read certificates
   * at start: a renewed one needs another `secretRevisions`, or a restart. @default - none in `small`, else `Tls.provided()`
   */
  readonly tls?: Tls;
  readonly ports?: Partial<KrakenPorts>;
  /** Most that a pod sends and receives as pieces. Below 8 × the longest piece a second, transfers hang without an error, so it is refused. */
  readonly bandwidth?: { readonly agent?: PeerBandwidth; readonly origin?: PeerBandwidth };
  /**
   * Length of the pieces that peers exchange, one for all blobs or by size. Shorter pieces spread better (six nodes, 200 MB:
   * 11.7 s with 1 MiB against 14.3 s with 4 MiB), but a blob may have at most 22,000, because a handshake of 32 KiB
   * carries the lists of up to eleven peers. @default 1Mi, good for layers up to 21 GiB; Kraken's authors advise at most 20 GB
   */
  readonly pieceLength?: Size | readonly PieceStep[];
  /** Origins that hold each blob, 1 to 10. More than one survives the loss of an origin, and may fetch a cold blob from Harbor as often. @default 2, or 1 with a single origin */
  readonly maxReplica?: number;
  /** How long caches keep blobs. Kraken knows no limit in bytes: longer needs more disk. */
  readonly cache?: {
    /** Since an agent fetched it, at least 1h. @default 24h */
    readonly agentTtl?: Duration;
    /** Since an origin last read it, at least 1h. @default 24h */
    readonly originTti?: Duration;
    /**
     * Disk of an agent's cache on its node, at least 1Gi, reserved there. An agent that holds more is evicted and begins again empty, as
     * does one that rolls for a new setting; the node pulls from Harbor meanwhile, and afterwards from origins and the agents
     * of the other nodes. @default - 5Gi, 20Gi or 40Gi by size
     */
    readonly agentSize?: Size;
  };
  /**
   * Volumes of origins and build-indexes. Kubernetes changes no StatefulSet's: for another size delete the StatefulSets and their claims first. They hold caches, which
   * fill again from Harbor.
   */
  readonly volumes?: { readonly origin?: CacheVolumeProps; readonly buildIndex?: CacheVolumeProps };
  readonly registryAccount?: RegistryAccountProps;
  /** Nodes that get an agent. */
  readonly agents?: NodePodsProps;
  /**
   * Addresses of the nodes. Kubernetes lets a node reach its own pods whatever a NetworkPolicy says; for a network plug-in that
   * does not, this range is let through to the agents' port. @default - in a topology the region's `cluster.nodeCidr`, else none: no pod of the cluster reaches that port
   */
  readonly nodeCidr?: string;
  /** Revisions of Secrets by name: a new one rolls the pods that read it. @default - none */
  readonly secretRevisions?: Readonly<Record<string, string>>;
}

/** Most that one pod sends and receives as pieces, in bits a second. */
export interface PeerBandwidthPlan {
  readonly egressBits: number;
  readonly ingressBits: number;
}

export interface CacheVolumePlan {
  readonly size: Size;
  readonly storageClass?: string;
}

/** One Kraken as planned. */
export interface KrakenPlan {
  readonly kind: 'Kraken';
  readonly instance: string;
  /** Namespace of origin, tracker, build-index, proxy: enforces the restricted profile. */
  readonly namespace: string;
  /** Namespace of what touches nodes: agents (host port) and the node mirror. */
  readonly nodeNamespace: string;
  readonly version: '0.1.27';
  readonly image: string;
  readonly imagePullSecrets: readonly string[];
  readonly size: InstallationSize;
  readonly components: Readonly<Partial<Record<KrakenComponent, ComponentPlan>>>;
  readonly tls: Tls;
  /** Name of its pods' Secret with certificate, key and CA, the same in both namespaces; nothing without TLS. */
  readonly tlsSecret?: string;
  readonly certificates: readonly KrakenCertificate[];
  /** ConfigMaps with the CAs it trusts; nothing when all are public. */
  readonly trusts: readonly TrustPlan[];
  /** PEM of the object store's CA, when origins read from a store with a private one. */
  readonly storageCa?: string;
  readonly backend: BackendPlan;
  /** The Harbor it reads, as its pods reach it; nothing with testfs. */
  readonly registry?: {
    readonly core: Endpoint;
    /** CA of core's certificate inside the cluster. */
    readonly ca: CaSource;
    /** Secret with `auth.conf`. */
    readonly accountSecret: string;
  };
  readonly ports: KrakenPorts;
  /** Port on each node's loopback where containerd finds the agent. */
  readonly agentPort: number;
  /** Every port that an agent takes on its node. */
  readonly hostPorts: readonly number[];
  /** Names in the region's private zone that external-dns keeps for its headless Services; nothing without `network.externalDns`. */
  readonly privateNames?: Readonly<Partial<Record<'origin' | 'buildIndex', string>>>;
  /** Full names of the pods that others dial, in the order of their lists. */
  readonly hosts: Readonly<Record<'origin' | 'tracker' | 'buildIndex', readonly string[]>>;
  readonly bandwidth: Readonly<Record<'agent' | 'origin', PeerBandwidthPlan>>;
  /** Piece length by least size of the blob, both in bytes. */
  readonly pieceLengths: readonly { readonly from: number; readonly length: number }[];
  readonly maxReplica: number;
  readonly cache: { readonly agentTtl: Duration; readonly originTti: Duration; readonly agentSize: Size };
  readonly volumes: Readonly<Record<'origin' | 'buildIndex', CacheVolumePlan>>;
  readonly agents: NodePodsPlan;
  /** Addresses of the nodes, when they must be let through to the agents' port. */
  readonly nodeCidr?: string;
  /** Where Harbor's registry reports pushes, so that origins are warm before the first pull. */
  readonly notification: { readonly name: string; readonly url: string; readonly pods: Pods };
  /** Projects that peers may serve; all others never reach Kraken's backends. */
  readonly projects: readonly string[] | 'all';
  readonly secretRevisions: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretPlan[];
  /** Its own flows, and those that Harbor's policies need too: core and registry with Kraken. */
  readonly flows: readonly Flow[];
  /** What works, but not as well as one may think. */
  readonly warnings: readonly Issue[];
}

/** Namespace of a component's pods. */
export const namespaceOf = (
  plan: Pick<KrakenPlan, 'namespace' | 'nodeNamespace'>,
  component: KrakenComponent,
): string => (component === 'agent' ? plan.nodeNamespace : plan.namespace);

/** The pods of a component: where they are and the labels that select them. */
export function podsOf(
  plan: Pick<KrakenPlan, 'instance' | 'namespace' | 'nodeNamespace'>,
  component: KrakenComponent,
): Pods {
  const name = COMPONENT_NAMES[component];
  return {
    kind: 'pods',
    namespace: namespaceOf(plan, component),
    component: name,
    labels: {
      'app.kubernetes.io/name': 'kraken',
      'app.kubernetes.io/instance': plan.instance,
      'app.kubernetes.io/component': name,
    },
  };
}

export type { HarborPlan };

// Read when the first Kraken is planned: importing the package must cost little to those who plan none.
const planner = (): typeof import('./kraken-plan.js') => require('./kraken-plan.js');

/** Plans one Kraken. Throws a `PlanError` with every mistake. */
export const planKraken = (props: KrakenProps): KrakenPlan => planner().planKraken(props);
