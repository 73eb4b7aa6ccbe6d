import {
  ComponentResource,
  type CustomResource,
  type CustomResourceOptions,
  type Input,
  Output,
  output,
  type ProviderResource,
  type Resource,
} from '@pulumi/pulumi';
import type { TunnelPlan } from '../../plan/network/links.js';
import { endsFrom } from '../../plan/network/tunnels.js';
import type { Inputs } from '../../pulumi/inputs.js';
import type { AnsweredRecord, CloudNetwork, CloudSite, ConnectedTunnel, ForwardTarget, PeeredLink } from '../cloud.js';
import { Gathered } from '../gathered.js';
import type { HuaweiProps } from './args.js';
import { type Arguments, attribute, Blocks, Expression, type Value } from './json.js';
import { type HuaweiRegionProps, regionResources } from './terraform.js';

/** A class of an SDK; which arguments it takes is the provider's matter. */
export type ResourceClass = new (name: string, args: never, options?: CustomResourceOptions) => CustomResource;

/** What is used of the SDK that `pulumi package add terraform-provider huaweicloud/huaweicloud` generates. */
export interface HuaweiSdk {
  readonly VpnGateway: ResourceClass;
  readonly VpnCustomerGateway: ResourceClass;
  readonly VpnConnection: ResourceClass;
  readonly VpcPeeringConnection: ResourceClass;
  readonly VpcRoute: ResourceClass;
  readonly CcConnection: ResourceClass;
  readonly CcNetworkInstance: ResourceClass;
  readonly CcInterRegionBandwidth: ResourceClass;
  readonly NetworkingSecgroupRule: ResourceClass;
  readonly DnsZone: ResourceClass;
  readonly DnsRecordset: ResourceClass;
  readonly DnsEndpoint: ResourceClass;
  readonly DnsResolverRule: ResourceClass;
  readonly DnsResolverRuleAssociate: ResourceClass;
  readonly ObsBucket: ResourceClass;
  readonly ObsBucketBpa: ResourceClass;
  readonly SwrOrganization: ResourceClass;
}

/** Settings of the regions of Huawei Cloud that a stack makes, by name. */
export type Peers = Readonly<Record<string, Inputs<HuaweiProps>>>;

/** What a region is made with. */
export interface SdkSettings {
  readonly sdk: HuaweiSdk;
  readonly provider?: ProviderResource;
  /** What is known once the region is joined to others: nothing before. */
  readonly peersOf: (links: readonly PeeredLink[]) => Peers;
  readonly props: (peers: Peers) => HuaweiRegionProps;
  /** Values of the variables that a Terraform configuration would have, by name. */
  readonly variables: (gathered: Gathered, peers: Peers) => Readonly<Record<string, unknown>>;
}

/** A region of Huawei Cloud whose resources a generated SDK makes, as soon as what they need is known. */
export class SdkNetwork extends ComponentResource implements CloudNetwork {
  readonly resolvers: Input<readonly string[]>;
  private readonly gathered: Gathered;
  private readonly made = new Map<string, CustomResource>();
  private peers: Peers = {};
  /** As of what was gathered when something was made last. */
  private variables: Readonly<Record<string, unknown>> = {};

  constructor(
    private readonly ownName: string,
    site: CloudSite,
    private readonly settings: SdkSettings,
    parent: Resource,
  ) {
    const { provider } = settings;
    super('harbor-fleet:huawei:Network', ownName, {}, { parent, providers: provider && [provider] });
    this.gathered = new Gathered(site);
    this.make();
    this.resolvers = this.made.has('huaweicloud_dns_endpoint.inbound')
      ? output(this.value(ADDRESSES) as Output<readonly { readonly ip: string }[]>).apply((all) =>
          all.map(({ ip }) => ip),
        )
      : (site.network.resolvers ?? []);
    this.registerOutputs({});
  }

  outside(tunnel: TunnelPlan): Input<string> {
    const { outside } = endsFrom(tunnel, this.gathered.site.region.name).own;
    const path = [`eip${outside + 1}`, 0, 'ip_address'];
    return this.value(attribute('huaweicloud_vpn_gateway', 'main', ...path)) as Output<string>;
  }

  connect(tunnels: readonly ConnectedTunnel[]): void {
    this.gathered.connect(tunnels);
    this.make();
  }

  peer(links: readonly PeeredLink[]): void {
    this.peers = this.settings.peersOf(links);
    this.make();
  }

  answer(records: readonly AnsweredRecord[]): void {
    this.gathered.answer(records);
    this.make();
  }

  forward(forwards: readonly ForwardTarget[]): void {
    this.gathered.forward(forwards);
    this.make();
  }

  /** Makes what is planned by what is known, and was not made yet. */
  private make(): void {
    const { sdk, props, variables } = this.settings;
    const { plan, site } = this.gathered;
    this.variables = variables(this.gathered, this.peers);
    for (const [kind, resources] of Object.entries(regionResources(plan, site.region.name, props(this.peers)))) {
      for (const [name, { lifecycle, ...given }] of Object.entries(resources)) {
        const key = `${kind}.${name}`;
        if (this.made.has(key)) continue;
        const made = new sdk[classOf(kind)](
          name === 'main' ? this.ownName : `${this.ownName}/${name}`,
          this.argumentsOf(given) as never,
          // What Terraform may not destroy stays when the stack goes.
          { parent: this, retainOnDelete: lifecycle !== undefined },
        );
        this.made.set(key, made);
      }
    }
  }

  private argumentsOf(given: Arguments): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      Object.entries(given).map(([key, value]) => {
        const [first, ...more] = Array.isArray(value) ? (value as readonly Value[]) : [];
        if (ONCE.has(key) && first !== undefined && more.length === 0) return [camelCase(key), this.value(first)];
        return [nameOf(key, value), this.value(value)];
      }),
    );
  }

  /** A value as the SDK takes it. */
  private value(value: Value): unknown {
    if (value instanceof Expression) return this.evaluate(value);
    if (value instanceof Blocks) {
      return output(this.evaluate(value.texts) as Input<readonly string[]>).apply((texts) =>
        texts.map((text) => ({ [camelCase(value.argument)]: text })),
      );
    }
    if (Array.isArray(value)) return (value as readonly Value[]).map((one) => this.value(one));
    // Outputs stand where texts may.
    return typeof value === 'object' && !Output.isInstance(value) ? this.argumentsOf(value as Arguments) : value;
  }

  private evaluate({ root: [kind, name], path }: Expression): unknown {
    if (kind === 'var') return follow(this.variables[name], path);
    const steps = path.filter((step, i) => typeof step === 'string' || !ONCE.has(`${path[i - 1]}`));
    return follow(
      this.made.get(`${kind}.${name}`),
      steps.map((step) => (typeof step === 'string' ? camelCase(step) : step)),
    );
  }
}

/** Where other regions' questions are answered. */
const ADDRESSES = attribute('huaweicloud_dns_endpoint', 'inbound', 'ip_addresses');

/** Blocks of which there is at most one: the SDK takes each bare. */
const ONCE: ReadonlySet<string> = new Set(['eip1', 'eip2', 'ikepolicy', 'ipsecpolicy']);

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The SDK calls lists in the plural. */
const nameOf = (key: string, value: Value): string =>
  camelCase(Array.isArray(value) && !key.endsWith('s') ? `${key}s` : key);

const classOf = (kind: string): keyof HuaweiSdk => camelCase(kind.replace('huaweicloud', '')) as keyof HuaweiSdk;

/** What a path leads to, each step of which may be known late. */
function follow(value: unknown, path: readonly (string | number)[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Output.isInstance(value) || value instanceof Promise) return output(value).apply((known) => follow(known, path));
  return follow((value as Readonly<Record<string | number, unknown>>)[step], rest);
}
