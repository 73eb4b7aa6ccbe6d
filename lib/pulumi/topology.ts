import type { Provider } from '@pulumi/kubernetes';
import { ComponentResource, type ComponentResourceOptions, type Input, type Output, secret } from '@pulumi/pulumi';
import { type Issue, Issues, PlanError } from '../plan/issues.js';
import { markdown } from '../plan/markdown.js';
import type { ClusterProps, RegionProps, TopologyPlan, TopologyProps } from '../plan/plan.js';
import { report } from '../plan/report.js';
import type { SecretKeyRef } from '../plan/secrets.js';
import { planTopology } from '../plan/topology-plan.js';
import { type AuthorityArgs, authorityOf, type CertificateAuthority, isGiven } from './authority.js';
import { type Inputs, plain } from './inputs.js';
import { type MadeArgs, warn } from './installation.js';
import { checkMade } from './made-checks.js';
import type { ObjectOptions } from './manifests.js';
import { checkNetworks } from './network-checks.js';
import { makeNetworks, type NetworkEnds, type NetworksArgs, type RegionNetworkArgs } from './networks.js';
import type { NodeFile } from './node-files.js';
import { Region, type RegistryEndpoint } from './region.js';
import type { RobotLogin } from './robots.js';
import { sharedValues } from './shared-values.js';
import { checkClusters, checkTopologyArgs, isRecord } from './topology-checks.js';

/** The cluster of a region, and the way to it. */
export type ClusterArgs = Inputs<ClusterProps> & {
  /** The cluster; needed in the stack that owns the region. Best a `ClusterProvider`, which changes ConfigMaps and Secrets in place. */
  readonly provider?: Provider;
};

/** Settings of one region. */
export interface RegionArgs extends Omit<Inputs<RegionProps>, 'cluster'>, MadeArgs, RegionNetworkArgs {
  readonly cluster?: ClusterArgs;
}

/** Settings of a {@link RegistryTopology}: those of `TopologyProps`, with Outputs wherever free text goes. */
export interface TopologyArgs extends Omit<Inputs<TopologyProps>, 'regions'>, AuthorityArgs, NetworksArgs {
  /** The regions by name, 1 to 100. */
  readonly regions: Readonly<Record<string, RegionArgs>>;
  /**
   * Names of the regions that this stack owns. The plan is the same in every stack that is given the same settings; the others are
   * neither made nor changed here, and need no provider. @default - all regions
   */
  readonly only?: readonly string[];
  /** Values that are the same in all regions, as another stack of the topology hands them over in `sharedSecrets`. @default - made and kept in this stack */
  readonly sharedSecrets?: Input<Readonly<Record<string, Input<string>>>>;
}

/** Options of a {@link RegistryTopology}. */
export type TopologyOptions = ComponentResourceOptions & ObjectOptions;

/**
 * Harbor registries with Kraken and node mirrors over several regions, each in its own cluster. Plans everything first: nothing is made
 * when there is a mistake. Passwords, keys and certificates are made once and kept in the stack's state, encrypted. What holds data
 * (namespaces, volumes, the keys to them) is retained when the stack is destroyed.
 *
 * Logical names begin with `<name>-<region>`. A topology over several stacks has the same name in each.
 *
 * @throws PlanError with every mistake at once
 */
export class RegistryTopology extends ComponentResource {
  readonly plan: TopologyPlan;
  /** The regions that this stack owns, by name. */
  readonly regions: Readonly<Record<string, Region>>;
  /** Where clients reach each of them. */
  readonly endpoints: Readonly<Record<string, RegistryEndpoint>>;
  /** PEM of the private CA that clients must trust; nothing when every region here has a public one. */
  readonly ca?: Output<string>;
  /** The private CA with its key, for the topology's other stacks; secret. Nothing when no certificate here comes from it. */
  readonly certificateAuthority?: Output<{ readonly certificate: string; readonly privateKey: string }>;
  /** Values that are the same in several regions, such as passwords of robots and keys of tokens and tunnels, for the topology's other stacks; secret. */
  readonly sharedSecrets: Output<Readonly<Record<string, string>>>;
  /** The key of the Secret with the admin's first password, in each region. */
  readonly adminSecrets: Readonly<Record<string, SecretKeyRef>>;
  /** The admin's first password in each region where it is not in a Secret of your own; secret. */
  readonly adminPasswords: Readonly<Record<string, Output<string>>>;
  /** How clients, such as a CI system, log in as each robot of `robots`: by region, and by the robot's name. */
  readonly robots: Readonly<Record<string, Readonly<Record<string, RobotLogin>>>>;
  /** containerd's host configuration in each region, for nodes without a node mirror. */
  readonly nodeFiles: Readonly<Record<string, readonly NodeFile[]>>;
  /** Outside addresses and resolvers of the regions' networks that this stack makes, by region, for the topology's other stacks. */
  readonly networks: Readonly<Record<string, NetworkEnds>>;
  /** Files that teams configure their side of a network with, by region and name; secret. Nothing of clouds that are made here. */
  readonly files: Readonly<Record<string, Output<Readonly<Record<string, string>>>>>;
  /** The whole plan as tables, in Markdown. */
  readonly report: string;

  constructor(name: string, args: TopologyArgs, { configure, ...options }: TopologyOptions = {}) {
    super('harbor-fleet:index:RegistryTopology', name, {}, options);
    const { plan, warnings } = planArgs(args);
    this.plan = plan;
    warn(this, [...plan.warnings, ...warnings]);
    const authority = authorityOf(this, name, this.plan.domain, args.certificateAuthority);
    let made: CertificateAuthority | undefined;
    const asked = () => {
      made = authority();
      return made;
    };
    const shared = sharedValues(this, name, this.plan, args.sharedSecrets);
    this.sharedSecrets = shared.all;
    const owned = this.plan.regions.filter((region) => args.only === undefined || args.only.includes(region.name));
    this.regions = Object.fromEntries(
      owned.flatMap((plan) => {
        const { cluster, generations, restore } = args.regions[plan.name] ?? {};
        if (cluster?.provider === undefined) return [];
        const { provider } = cluster;
        const values = { authority: asked, shared: shared.value, generations, restore };
        const own = { plan, provider, ...values, configure, robots: args.robots };
        return [[plan.name, new Region(`${name}-${plan.name}`, own, { parent: this })] as const];
      }),
    );
    const of = <T>(value: (region: Region) => T | undefined): Readonly<Record<string, T>> =>
      Object.fromEntries(
        Object.entries(this.regions).flatMap(([region, one]) => {
          const found = value(one);
          return found === undefined ? [] : [[region, found] as const];
        }),
      );
    this.endpoints = of((region) => region.endpoint);
    this.ca = Object.values(this.regions).find(({ ca }) => ca !== undefined)?.ca;
    this.certificateAuthority = made && secret(made);
    this.adminSecrets = of((region) => region.adminSecret);
    this.adminPasswords = of((region) => region.adminPassword);
    this.robots = of(({ robots }) => robots);
    this.nodeFiles = of((region) => (region.nodeFiles.length > 0 ? region.nodeFiles : undefined));
    const { ends, files } = makeNetworks(this, name, this.plan, args, {
      keyOf: shared.keyOf,
      regions: this.regions,
      authority: () => made ?? (isGiven(args.certificateAuthority) ? authority() : undefined),
    });
    this.networks = ends;
    this.files = files;
    this.report = markdown(report(this.plan));
    this.registerOutputs({ endpoints: this.endpoints, ca: this.ca, adminSecrets: this.adminSecrets });
  }
}

/** Plans what was given, and gathers the mistakes of the plan and those about this stack; of this stack the warnings too. */
function planArgs(args: TopologyArgs): { readonly plan: TopologyPlan; readonly warnings: readonly Issue[] } {
  const issues = new Issues();
  checkTopologyArgs(args, issues);
  try {
    const plan = planTopology(propsOf(args), STACK_KEYS);
    checkClusters(plan, args, issues);
    for (const { name, secrets } of plan.regions)
      checkMade(secrets, args.regions[name] ?? {}, `regions.${name}`, issues);
    checkNetworks(plan, args, issues);
    issues.throwIfAny();
    return { plan, warnings: issues.warnings };
  } catch (error) {
    if (error instanceof PlanError) issues.add(error.issues);
    issues.throwIfAny();
    throw error;
  }
}

/** What a stack has besides what is planned. */
const STACK_KEYS = {
  topology: ['only', 'sharedSecrets', 'certificateAuthority', 'networks'],
  region: ['generations', 'restore', 'cloud', 'addresses'],
  cluster: ['provider'],
} as const;

/** The settings that the plan knows. What is no map stays as it is: the plan tells. */
function propsOf(args: TopologyArgs): TopologyProps {
  const regionOf = (region: unknown): unknown => {
    if (!isRecord(region)) return region;
    const { cluster, ...more } = region;
    const known = cluster === undefined ? {} : { cluster: without(cluster, STACK_KEYS.cluster) };
    return { ...(without(more, STACK_KEYS.region) as object), ...known };
  };
  const regions: unknown = args.regions;
  const planned = isRecord(regions)
    ? Object.fromEntries(Object.entries(regions).map(([name, region]) => [name, regionOf(region)]))
    : regions;
  return plain<TopologyProps>({ ...(without(args, STACK_KEYS.topology) as object), regions: planned } as never, '');
}

const without = (value: unknown, keys: readonly string[]): unknown =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))) : value;
