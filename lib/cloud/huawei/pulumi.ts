/**
 * A region of Huawei Cloud in a topology that Pulumi deploys: its Terraform configuration with what other regions' clouds answered.
 *
 * @packageDocumentation
 */
import { type Output, output } from '@pulumi/pulumi';
import type { TunnelPlan } from '../../plan/network/links.js';
import { IPV4 } from '../../plan/network/network-reader.js';
import { endsFrom } from '../../plan/network/tunnels.js';
import type { TopologyPlan } from '../../plan/plan.js';
import { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import type { Cloud, CloudSite } from '../cloud.js';
import { GatheredNetwork, type LateValues } from '../gathered.js';
import { isAsked } from './private-names.js';
import { HUAWEI_STORAGE, type HuaweiStorageProps } from './storage.js';
import { terraformJson } from './terraform.js';

/** A region's place in Huawei Cloud. */
export interface HuaweiProps extends HuaweiStorageProps {
  /**
   * The two outside addresses of the VPN gateway, which other regions must know. Either of EIPs that exist, with `eipIds`; or those that
   * `terraform apply -target=huaweicloud_vpn_gateway.main` made, its output `outside_addresses`. Needed when a link has tunnels.
   */
  readonly outsideAddresses?: readonly string[];
  /** EIPs that exist, of `outsideAddresses`, in their order. @default - the gateway makes its own */
  readonly eipIds?: readonly string[];
  /** Where its resolver answers other regions: the output `resolvers` of Terraform. @default - the network's `resolvers` */
  readonly resolvers?: readonly string[];
  readonly vpcId: string;
  /** Network id of the subnet that the VPN gateway and the file system use. */
  readonly connectSubnetId: string;
  /** Two availability zones, of the gateway. */
  readonly availabilityZones: readonly string[];
  /** Security group of the nodes. */
  readonly securityGroupId: string;
  /** Two subnets of the DNS endpoints. */
  readonly resolverSubnetIds: readonly string[];
  /** Mbit/s of each outside address that the gateway makes. @default 100 */
  readonly bandwidth?: number;
}

/** As {@link HuaweiProps}, with an Output wherever free text goes. */
export type HuaweiArgs = Inputs<HuaweiProps>;

/**
 * A region's place in Huawei Cloud, for which there is no Pulumi package: its `files` are a `main.tf.json` without secrets and a secret
 * `terraform.tfvars.json`, both in one secret Output, for Terraform or OpenTofu.
 *
 * ```ts
 * huawei({ vpcId, connectSubnetId, availabilityZones, securityGroupId, resolverSubnetIds, outsideAddresses, eipIds })
 * ```
 */
export const huawei = (args: HuaweiArgs): Cloud => ({
  type: 'huawei',
  check: (site, issues) => checkHuawei(new Reader(plain<HuaweiProps>(args), site.path, issues), site),
  open: (_name, site) => new HuaweiNetwork(args, site),
});

const PAIRS = ['outsideAddresses', 'eipIds', 'availabilityZones', 'resolverSubnetIds'] as const;

function checkHuawei(reader: Reader, { plan, region, network, links }: CloudSite): void {
  reader.only(
    ...['vpcId', 'connectSubnetId', 'securityGroupId', 'resolvers', 'bandwidth'],
    ...PAIRS,
    ...HUAWEI_STORAGE,
  );
  for (const key of ['vpcId', 'connectSubnetId', 'securityGroupId']) reader.requiredText(key);
  for (const key of ['availabilityZones', 'resolverSubnetIds']) if (!reader.has(key)) reader.missing(key, 'two texts');
  for (const key of PAIRS) {
    const texts = reader.texts(key, key === 'outsideAddresses' ? IPV4 : undefined);
    if (texts === undefined || texts.length === 2) continue;
    reader.issues.error(reader.at(key), 'are not two', texts, 'two texts', 'name two');
  }
  reader.texts('resolvers', IPV4);
  reader.count('bandwidth', 1, 300);
  if (links.some(({ via }) => via === 'vpn') && !reader.has('outsideAddresses')) {
    reader.issues.error(
      reader.at('outsideAddresses'),
      'is missing: tunnels lead here, and no provider of Pulumi can ask Huawei Cloud',
      undefined,
      'the two outside addresses of the VPN gateway',
      'give two EIPs (with eipIds), or make the gateway first: terraform apply -target=huaweicloud_vpn_gateway.main',
    );
  }
  if (isAsked(plan, region.name) && network.resolvers === undefined && !reader.has('resolvers')) {
    reader.issues.error(
      reader.at('resolvers'),
      'is missing: other regions ask for its private names',
      undefined,
      'addresses of the inbound DNS endpoint',
      'choose two addresses and write them as resolvers of its network, or take the output "resolvers" of Terraform',
    );
  }
  for (const { name } of links.filter(({ via }) => via === 'peering')) {
    reader.issues.error(
      reader.path,
      `holds no peering, which link ${name} is`,
      'peering',
      'vpn to other clouds, existing within Huawei Cloud',
      'set via: existing for the link, and join the VPCs by Cloud Connect',
    );
  }
}

class HuaweiNetwork extends GatheredNetwork<HuaweiProps> {
  readonly resolvers: Output<readonly string[]>;
  protected readonly settings: Output<HuaweiProps>;

  constructor(
    private readonly args: HuaweiArgs,
    site: CloudSite,
  ) {
    super(site);
    this.settings = output(args) as Output<HuaweiProps>;
    this.resolvers = output(args.resolvers ?? site.network.resolvers ?? []);
  }

  outside(tunnel: TunnelPlan) {
    const { name } = this.site.region;
    const { outside } = endsFrom(tunnel, name).own;
    const address = this.args.outsideAddresses?.[outside];
    if (address === undefined) throw new Error(`no outside address ${outside} of region "${name}" is given`);
    return address;
  }

  protected write(plan: TopologyPlan, values: LateValues, args: HuaweiProps): Readonly<Record<string, string>> {
    const json = terraformJson(plan, this.site.region.name, { ...args, existingEips: args.eipIds !== undefined });
    const variables: Readonly<Record<string, unknown>> = {
      vpc_id: args.vpcId,
      connect_subnet: args.connectSubnetId,
      availability_zones: args.availabilityZones,
      bandwidth_size: args.bandwidth,
      eip_ids: args.eipIds,
      security_group_id: args.securityGroupId,
      resolver_subnet_ids: args.resolverSubnetIds,
      psk: values.keys,
      outside_addresses: values.outsideAddresses,
      resolvers: values.resolvers,
      records: Object.fromEntries(
        Object.entries(values.records).map(([name, { type, values: answers }]) => [
          name,
          // A host name of DNS ends in a dot.
          { type, values: type === 'A' ? answers : answers.map((host) => `${host}.`) },
        ]),
      ),
    };
    const used = Object.entries(variables).filter(([name]) => name in (json.variable as object));
    return {
      'main.tf.json': text(json),
      'terraform.tfvars.json': text(Object.fromEntries(used)),
    };
  }
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
