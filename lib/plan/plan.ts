import type { Flow } from './flows.js';
import type { HarborPlan, HarborProps } from './harbor.js';
import type { Issue } from './issues.js';
import type { KrakenPlan } from './kraken.js';
import type { NodeMirrorPlan } from './node-mirror.js';
import type { SecretPlan } from './secrets.js';

/** The cluster of a region. */
export interface ClusterProps {
  /** Kubernetes minor version, such as `1.34`; 1.30 to 1.36 are supported. @default 1.34 */
  readonly kubernetes?: string;
  /** containerd minor version on the nodes, such as `2.2`; 2.1 is the first that bounds the time a dead agent costs. @default 2.1 */
  readonly containerd?: string;
  /** Addresses of pods, such as `10.20.0.0/16`. Needed as soon as regions are linked. */
  readonly podCidr?: string;
  readonly serviceCidr?: string;
  /** Addresses of nodes. */
  readonly nodeCidr?: string;
}

/** One region: a Kubernetes cluster with its Harbor, its Kraken and its storage. */
export interface RegionProps extends Omit<HarborProps, 'domain' | 'aliases' | 'version'> {
  readonly cluster?: ClusterProps;
  // kraken, nodeMirror, tenants …: see the topology slice
}

/** A Harbor project and how its images travel. */
export interface ProjectProps {
  /** Anyone may pull without logging in. @default false */
  readonly public?: boolean;
  /** Region where it is pushed. @default - the only region; required with several */
  readonly home?: string;
  /** Regions that receive its images, or `all`. @default - none */
  readonly replicateTo?: readonly string[] | 'all';
  /** Peers may serve its images. Whoever reaches an agent's port then pulls without Harbor asking who it is. @default true, false for a confidential project */
  readonly peerToPeer?: boolean;
  /** Its images must only be handed out by Harbor itself, which asks who pulls, keeps an audit log and applies its gates. @default false */
  readonly confidential?: boolean;
}

/** All of it: what a team writes. */
export interface TopologyProps {
  /** The one name that every node pulls from, such as `registry.example.com`. */
  readonly domain: string;
  readonly regions: Readonly<Record<string, RegionProps>>;
  readonly projects?: Readonly<Record<string, ProjectProps>>;
}

/** One region as planned. */
export interface RegionPlan {
  readonly name: string;
  /** The region's own public name, such as `virginia.registry.example.com`. */
  readonly hostname: string;
  readonly cluster: Required<Pick<ClusterProps, 'kubernetes' | 'containerd'>> & ClusterProps;
  /** First the region's own Harbor, then those of its tenants. */
  readonly harbors: readonly HarborPlan[];
  readonly krakens: readonly KrakenPlan[];
  readonly nodeMirrors: readonly NodeMirrorPlan[];
  /** Namespaces to make, with the pod security level each enforces. */
  readonly namespaces: readonly { readonly name: string; readonly podSecurity: 'restricted' | 'privileged' }[];
  readonly secrets: readonly SecretPlan[];
  readonly flows: readonly Flow[];
}

export interface ProjectPlan {
  readonly name: string;
  readonly public: boolean;
  readonly home: string;
  readonly replicateTo: readonly string[];
  readonly peerToPeer: boolean;
  readonly confidential: boolean;
}

/** Everything decided: frozen, and the same again from the same props. Written as JSON it loses nothing. */
export interface TopologyPlan {
  readonly kind: 'Topology';
  readonly domain: string;
  readonly regions: readonly RegionPlan[];
  readonly projects: readonly ProjectPlan[];
  /** What works, but not as well as one may think. */
  readonly warnings: readonly Issue[];
}
