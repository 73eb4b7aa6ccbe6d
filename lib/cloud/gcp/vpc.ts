import type { Policy } from '@pulumi/gcp/dns';
import type { Resource } from '@pulumi/pulumi';
import { isDeferred } from '../../plan/deferred.js';
import { sharesVpc } from '../../plan/network/cloud-dns.js';
import type { TopologyPlan } from '../../plan/plan.js';
import type { Reader } from '../../plan/reader.js';
import type { CloudSite } from '../cloud.js';

/** Where a region stands, as its settings say. */
interface Stand {
  readonly site: CloudSite;
  /** Self link of its VPC. */
  readonly link: string;
  /** It makes the policy for inbound forwarding. */
  readonly makes: boolean;
}

// Regions are checked and opened one by one, and a VPC belongs to several.
const stands = new WeakMap<TopologyPlan, Map<string, Stand>>();
const vpcs = new WeakMap<TopologyPlan, Map<string, SharedVpc>>();

/** Records a region whose VPC is another than the plan takes it for, and a second policy for inbound forwarding in one VPC. */
export function checkVpc(reader: Reader, site: CloudSite, makes: boolean): void {
  const link = reader.raw('network');
  if (typeof link !== 'string') return;
  const { plan, region, network } = site;
  const known = stands.get(plan) ?? new Map<string, Stand>();
  stands.set(plan, known);
  const own = { site, link: link.replace(/^https:..www[.]googleapis[.]com.compute.v1./, ''), makes };
  known.set(region.name, own);
  for (const other of known.values()) {
    const { name } = other.site.region;
    if (name === region.name) break;
    const shared = sharesVpc(other.site.network, network);
    if (own.link === other.link && !shared) {
      const problem = `is the VPC of ${name}, which the plan takes for another`;
      const fix = `give both the same "vpc": in regions.${name}.network and regions.${region.name}.network`;
      reader.issues.error(reader.at('network'), problem, link, 'a VPC of its own, or the same "vpc"', fix);
    } else if (own.link !== other.link && shared && !isDeferred(own.link) && !isDeferred(other.link)) {
      const problem = `is not the VPC of ${name}, although both have the same "vpc"`;
      reader.issues.error(reader.at('network'), problem, link, other.link, 'correct one of them');
    } else if (shared && makes && other.makes) {
      const problem = `is made in the same VPC by ${name}, and a VPC has one policy`;
      reader.issues.error(
        reader.at('inboundForwarding'),
        problem,
        'made',
        'existing',
        "set inboundForwarding: 'existing'",
      );
    }
  }
}

/** What regions in one VPC share while they are made. */
export interface SharedVpc {
  /** For inbound forwarding. */
  policy?: Policy;
  /** VPCs that it is peered with here: Google refuses a second peering between the same two. */
  readonly peers: Set<SharedVpc>;
  /** Google refuses two changes of peerings at once, at either end. */
  lastPeering?: Resource;
}

/** What a region's VPC shares with other regions of the plan in it; nothing where its network has no `vpc`. */
export function sharedVpc({ plan, network }: CloudSite): SharedVpc {
  const own: SharedVpc = { peers: new Set() };
  if (network.type !== 'gcp' || network.vpc === undefined) return own;
  const known = vpcs.get(plan) ?? new Map<string, SharedVpc>();
  vpcs.set(plan, known);
  const found = known.get(network.vpc) ?? own;
  known.set(network.vpc, found);
  return found;
}
