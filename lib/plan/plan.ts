import type { Flow } from './flows.js';
import type { HarborPlan, HarborProps, HarborVersion } from './harbor.js';
import type { Issue } from './issues.js';
import type { KrakenPlan, KrakenProps } from './kraken.js';
import type { CostsPlan } from './network/costs.js';
import type { LinkPlan, Links } from './network/links.js';
import type { Network } from './network/networks.js';
import type { NetworkPlan } from './network/plan-networks.js';
import type { PricesProps } from './network/prices.js';
import type { DnsPlan, DnsProps } from './network/public-names.js';
import type { RecordPlan } from './network/records.js';
import type { NodeMirrorPlan, NodeMirrorProps } from './node-mirror.js';
import type { ProjectPlan, ProjectProps } from './projects.js';
import type { RemoteRegistry } from './registry-props.js';
import type { SecretPlan } from './secrets.js';
import type { GroupProps, RobotProps, SettingsProps, UserProps } from './settings-props.js';
import type { TokenKeyProps } from './token-keys.js';

export type { ProjectPlan, ProjectProps };

/** The cluster of a region. */
export interface ClusterProps {
  /** Kubernetes version, such as `1.34`; 1.30 to 1.36 are supported. @default 1.34 */
  readonly kubernetes?: string;
  /** containerd version on the nodes, at least `1.7`; 2.1 is the first that bounds the time a dead agent costs. @default 2.2 */
  readonly containerd?: string;
  /**
   * Addresses of pods, such as `10.20.0.0/16`. Two regions with the same one are a mistake; leave it out where pods
   * leave their cluster by the address of their node. Within `network.cidrs` linked regions reach Kraken's pods by name. @default - not known, not checked
   */
  readonly podCidr?: string;
  /** Addresses of Services. @default - not known, not checked */
  readonly serviceCidr?: string;
  /** Addresses of nodes. @default - not known, not checked */
  readonly nodeCidr?: string;
}

/** Settings of a region's Kraken: which Harbor and which projects it serves, the topology knows. */
export type KrakenSettings = Partial<Omit<KrakenProps, 'registry' | 'projects'>>;

/** Settings of a region's node mirror: whom nodes ask, the topology knows. */
export type NodeMirrorSettings = Omit<
  NodeMirrorProps,
  'kraken' | 'registry' | 'domain' | 'server' | 'hosts' | 'containerd'
>;

/** What the topology says for all its regions, and a tenant for itself. */
type FleetKey = 'settings' | 'projects' | 'robots' | 'users' | 'groups' | 'registries';

/** What a region's own Harbor and those of its tenants have in common. */
export interface SiteProps extends Omit<HarborProps, 'domain' | 'aliases' | 'instance' | FleetKey> {
  /** The Kraken that it feeds, or `false` for none: then every node pulls everything from Harbor. @default - one for a region, none for a tenant */
  readonly kraken?: KrakenSettings | false;
  /**
   * Tells containerd on every node whom to ask, or `false` to leave the nodes alone. It is a pod on each node.
   * @default - on with a Kraken or with several regions
   */
  readonly nodeMirror?: NodeMirrorSettings | false;
  /** The key of the tokens that clients pull and push with. @default - one for all Harbors of a domain with `settings`, else its own */
  readonly tokenKey?: TokenKeyProps;
}

/** A further Harbor in the same cluster, with its own name, data and administrators. Its instance is the tenant's name. */
export interface TenantProps extends Omit<SiteProps, 'kraken'>, Pick<HarborProps, FleetKey> {
  /** The name that nodes pull its images from. The same tenant in several regions has the same. */
  readonly domain: string;
  /** A Kraken of its own, with ports of its own. @default false */
  readonly kraken?: Partial<Omit<KrakenProps, 'registry'>> | false;
}

/** One region: a Kubernetes cluster with its Harbor, its Kraken and its storage. */
export interface RegionProps extends SiteProps {
  /** Prefix of its Harbor's object names. @default harbor */
  readonly instance?: string;
  readonly cluster?: ClusterProps;
  /** The network that its cluster stands in. Needed as soon as the region is linked. @default - not known, not linked */
  readonly network?: Network;
  /** Further Harbors in the same cluster, by name: one for a team, a system or a customer. @default - none */
  readonly tenants?: Readonly<Record<string, TenantProps>>;
}

/** Where images come from. */
export interface TopologyImages {
  /** What replaces `docker.io/goharbor` for Harbor's images, such as `mirror.example.com/goharbor`. @default docker.io/goharbor */
  readonly harbor?: string;
  /** Kraken's image. None is published anywhere: `docker build` of this package's images/kraken makes it. */
  readonly kraken?: string;
  /** Names of Secrets with credentials of the registries that these images come from, in every namespace. @default - none */
  readonly pullSecrets?: readonly string[];
}

/** All of it: what a team writes. */
export interface TopologyProps {
  /** The one name that every node pulls from, such as `registry.example.com`. */
  readonly domain: string;
  /** The regions by name, 1 to 100. A name becomes part of DNS names: changing it is a new region. */
  readonly regions: Readonly<Record<string, RegionProps>>;
  /** What all regions have in common; each region's own settings win, also single ones below `cluster`, `components` and so on. @default - none */
  readonly defaults?: Partial<RegionProps>;
  /** Harbor projects by name. Images of others are pulled from Harbor only. @default - `library`: public, pushed in the first region, replicated to all others */
  readonly projects?: Readonly<Record<string, ProjectProps>>;
  /** Which regions' networks meet, and how. @default - none: regions reach each other over the internet, by their public names */
  readonly links?: Links;
  /** The common name over all regions: its records, health checks and failover. @default - none is planned: records are made by other means */
  readonly dns?: DnsProps;
  /** What clouds charge for linked networks and traffic between them, for the report. @default - `EXAMPLE_PRICES` */
  readonly prices?: PricesProps;
  /** Version of every Harbor; a region may be ahead during an upgrade. @default 2.15.2 */
  readonly version?: HarborVersion;
  readonly images?: TopologyImages;
  /** What every region's Harbor is like inside: switches settings as code on. @default - left as it is */
  readonly settings?: SettingsProps;
  /** Robot accounts by name, with the same password in every region; needs `settings`. @default - none but Kraken's and those of replication */
  readonly robots?: Readonly<Record<string, RobotProps>>;
  /** Users of Harbor's own database by name; needs `settings`. Their first passwords are in the Secret `<instance>-users`. @default - none */
  readonly users?: Readonly<Record<string, UserProps>>;
  /** Groups of LDAP or OIDC by name; needs `settings`. @default - none */
  readonly groups?: Readonly<Record<string, GroupProps>>;
  /** Registries outside the topology by name, that images are copied to or fetched from; needs `settings`. @default - none */
  readonly registries?: Readonly<Record<string, RemoteRegistry>>;
}

/** One region as planned. */
export interface RegionPlan {
  readonly name: string;
  /** The region's own public name, such as `virginia.registry.example.com`. */
  readonly hostname: string;
  readonly cluster: Required<Pick<ClusterProps, 'kubernetes' | 'containerd'>> & ClusterProps;
  readonly network?: NetworkPlan;
  /** First the region's own Harbor, then those of its tenants. */
  readonly harbors: readonly [HarborPlan, ...HarborPlan[]];
  readonly krakens: readonly KrakenPlan[];
  readonly nodeMirrors: readonly NodeMirrorPlan[];
  /** Namespaces to make, with the pod security level each enforces. */
  readonly namespaces: readonly NamespacePlan[];
  /** What must exist before the manifests are applied. */
  readonly secrets: readonly SecretPlan[];
  /** Who may talk to whom. */
  readonly flows: readonly Flow[];
}

/** A namespace to make. `privileged` is for what touches nodes: a host port or a folder of the node. */
export interface NamespacePlan {
  readonly name: string;
  readonly podSecurity: 'restricted' | 'privileged';
}

/** Everything decided: frozen, and the same again from the same props. Written as JSON it loses nothing. */
export interface TopologyPlan {
  readonly kind: 'Topology';
  readonly domain: string;
  readonly regions: readonly RegionPlan[];
  readonly projects: readonly ProjectPlan[];
  /** How the networks of two regions meet. */
  readonly links: readonly LinkPlan[];
  /** DNS records to make: public ones where `dns` is set, private ones of linked regions. */
  readonly records: readonly RecordPlan[];
  /** Health checks of the public names, and how long a failover takes. */
  readonly dns?: DnsPlan;
  /** What each linked region and each link costs, idle and by traffic. */
  readonly costs?: CostsPlan;
  /** What works, but not as well as one may think. */
  readonly warnings: readonly Issue[];
}

// Read when the first topology is planned: importing the package must cost little to those who plan none.
const planner = (): typeof import('./topology-plan.js') => require('./topology-plan.js');

/**
 * Plans a topology of 1 to 100 regions: checks every setting, decides every name, address and size, and changes nothing.
 * Also takes untyped data, such as a YAML file.
 *
 * @throws PlanError with every mistake at once
 */
export const planTopology = (props: TopologyProps): TopologyPlan => planner().planTopology(props);

/**
 * One region of a plan, by name.
 *
 * @throws Error with the names there are when it is not among them
 */
export function regionOf(plan: TopologyPlan, name: string): RegionPlan {
  const found = plan.regions.find((region) => region.name === name);
  if (found !== undefined) return found;
  const names = plan.regions.map((region) => region.name);
  throw new Error(
    `no region "${name}" in this topology; there ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}`,
  );
}
