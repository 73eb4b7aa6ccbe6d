import { IPV4 } from '../../plan/address-rules.js';
import type { LinkPlan } from '../../plan/network/links.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import type { RegionPlan, TopologyPlan } from '../../plan/plan.js';
import type { Reader, TextRule } from '../../plan/reader.js';
import { checkPeering } from './peering-checks.js';
import { isAsked } from './private-names.js';
import { checkFileSystem, checkStorage, HUAWEI_STORAGE } from './storage.js';

/** A region with its place in the topology. */
interface Site {
  readonly plan: TopologyPlan;
  readonly region: RegionPlan;
  readonly network: NetworkPlan;
  readonly links: readonly LinkPlan[];
}

/** Of what two texts are needed. */
const PAIRS = {
  eipIds: 'the ids of two EIPs, in the order of outsideAddresses',
  availabilityZones: 'the names of two availability zones, such as ap-southeast-3a',
  resolverSubnetIds: 'the ids of two subnets, for the DNS endpoints',
} as const;
const OUTSIDE_ADDRESSES = 'the two outside addresses of the VPN gateway';
const HANDED_OVER = ['outsideAddresses', 'resolvers'] as const;

/** Records every mistake in what all regions of Huawei Cloud have. */
export function checkHuawei(reader: Reader, site: Site): void {
  reader.only(
    ...[
      'vpcId',
      'connectSubnetId',
      'securityGroupId',
      'bandwidth',
      'projectId',
      'cloudConnection',
      'interRegionBandwidths',
    ],
    ...Object.keys(PAIRS),
    ...HUAWEI_STORAGE,
    ...HANDED_OVER,
  );
  for (const key of ['vpcId', 'connectSubnetId', 'securityGroupId']) reader.requiredText(key);
  for (const [key, allowed] of Object.entries(PAIRS)) {
    if (key !== 'eipIds' && !reader.has(key)) reader.missing(key, allowed);
    checkPair(reader, key, allowed);
  }
  reader.count('bandwidth', 1, 300);
  checkStorage(reader);
  checkPeering(reader, site);
}

function checkPair(reader: Reader, key: string, allowed: string, rule?: TextRule): void {
  const texts = reader.texts(key, rule);
  if (texts === undefined || texts.length === 2) return;
  reader.issues.error(reader.at(key), 'are not two', texts, allowed, `write ${allowed}`);
}

/** What an SDK learns need not be told, and what a region must know before it is made cannot come from it. */
export function checkMadeHere(reader: Reader): void {
  for (const key of HANDED_OVER.filter((one) => reader.has(one))) {
    reader.issues.error(
      reader.at(key),
      'is not told with an SDK, which learns it',
      reader.raw(key),
      'nothing',
      'leave it out',
    );
  }
  if (reader.has('fileSystem')) {
    reader.issues.error(
      reader.at('fileSystem'),
      'is made by Terraform only: where it is, the region must know before its network is made',
      reader.raw('fileSystem'),
      'nothing',
      'make it in the program (new huaweicloud.SfsTurbo), and give SharedStorage.nas what its exportLocation says',
    );
  }
}

/** Addresses that only Terraform learns must be told. */
export function checkHandOver(reader: Reader, { plan, region, network, links }: Site): void {
  checkFileSystem(reader);
  checkPair(reader, 'outsideAddresses', OUTSIDE_ADDRESSES, IPV4);
  reader.texts('resolvers', IPV4);
  if (links.some(({ via }) => via === 'vpn') && !reader.has('outsideAddresses')) {
    reader.issues.error(
      reader.at('outsideAddresses'),
      'is missing: tunnels lead here, and without an SDK nothing can ask Huawei Cloud',
      undefined,
      OUTSIDE_ADDRESSES,
      'give an sdk (pulumi package add terraform-provider huaweicloud/huaweicloud), or two EIPs (with eipIds), or make the gateway first: terraform apply -target=huaweicloud_vpn_gateway.main',
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
}
