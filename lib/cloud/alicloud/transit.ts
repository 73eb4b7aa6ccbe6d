import {
  getTransitRouterRouteTablesOutput,
  Instance,
  TransitRouter,
  TransitRouterPeerAttachment,
  TransitRouterRouteTableAssociation,
  TransitRouterRouteTablePropagation,
  TransitRouterVpcAttachment,
} from '@pulumi/alicloud/cen';
import { all, type Input, type Output, type Resource } from '@pulumi/pulumi';
import type { TopologyPlan } from '../../plan/plan.js';
import type { Reader } from '../../plan/reader.js';
import { lateMistake } from '../../pulumi/errors.js';
import type { CloudSite } from '../cloud.js';
import type { AlicloudArgs } from './network-args.js';

// Transit routers meet within one network only, so one serves all regions of a topology.
const networks = new WeakMap<TopologyPlan, Instance>();
const given = new WeakMap<TopologyPlan, { readonly region: string; readonly existing: boolean }>();

/** Records a region whose network exists while that of another is to be made, or the other way round. */
export function checkCen(reader: Reader, { plan, region }: CloudSite): void {
  const existing = reader.has('cen');
  const first = given.get(plan);
  if (first === undefined) given.set(plan, { region: region.name, existing });
  else if (first.existing !== existing) {
    const problem = `is ${existing ? 'given' : 'missing'}, unlike that of ${first.region}: regions are peered within one network`;
    const allowed = 'the same Cloud Enterprise Network in all peered regions of Alibaba Cloud, or none in any';
    reader.issues.error(reader.at('cen'), problem, reader.raw('cen'), allowed, 'give it in all of them');
  }
}

/** The Cloud Enterprise Network of a topology. */
function cenOf(parent: Resource, plan: TopologyPlan): Instance {
  const made = networks.get(plan) ?? new Instance(plan.domain, { cenInstanceName: plan.domain }, { parent });
  networks.set(plan, made);
  return made;
}

/** The transit router of a region, with its VPC attached. */
export class Transit {
  readonly cenId: Input<string>;
  readonly routerId: Input<string>;
  /** The attachment of the VPC: where its routes to peered regions lead. */
  readonly attachmentId: Input<string>;
  private readonly routeTableId: Output<string>;

  constructor(
    private readonly parent: Resource,
    private readonly name: string,
    { plan, path }: CloudSite,
    { vpcId, vswitches, cen, tags }: AlicloudArgs,
  ) {
    this.cenId = cen?.id ?? cenOf(parent, plan).id;
    this.routerId =
      cen?.transitRouterId ??
      new TransitRouter(`${name}/transit`, { cenId: this.cenId, transitRouterName: name, tags }, { parent })
        .transitRouterId;
    const at = cen?.transitRouterId === undefined ? path : `${path}.cen.transitRouterId`;
    this.routeTableId = systemTable(parent, at, this.routerId);
    if (cen?.vpcAttachmentId !== undefined) {
      this.attachmentId = cen.vpcAttachmentId;
      return;
    }
    const attachment = new TransitRouterVpcAttachment(
      `${name}/vpc`,
      {
        cenId: this.cenId,
        transitRouterId: this.routerId,
        vpcId,
        zoneMappings: vswitches.map(({ id, zoneId }) => ({ vswitchId: id, zoneId })),
        transitRouterVpcAttachmentName: `${name}-vpc`,
        autoPublishRouteEnabled: true,
        tags,
      },
      { parent },
    );
    this.attachmentId = attachment.transitRouterAttachmentId;
    this.learn(`${name}/vpc`, this.attachmentId);
  }

  /** A connection to the transit router of another region, whose routes both learn. */
  peer(
    other: Transit,
    link: { readonly name: string; readonly region: string },
    bandwidth: number,
    cenBandwidthPackageId: Input<string> | undefined,
    tags: AlicloudArgs['tags'],
  ): void {
    const attachment = new TransitRouterPeerAttachment(
      `${this.name}/${link.name}`,
      {
        cenId: this.cenId,
        transitRouterId: this.routerId,
        peerTransitRouterId: other.routerId,
        peerTransitRouterRegionId: link.region,
        transitRouterPeerAttachmentName: link.name,
        bandwidth,
        bandwidthType: cenBandwidthPackageId === undefined ? 'DataTransfer' : 'BandwidthPackage',
        cenBandwidthPackageId,
        autoPublishRouteEnabled: true,
        tags,
      },
      { parent: this.parent },
    );
    for (const end of [this, other]) end.learn(`${end.name}/${link.name}`, attachment.transitRouterAttachmentId);
  }

  /** What comes through an attachment is routed here, and what is behind it is known here. */
  private learn(name: string, transitRouterAttachmentId: Input<string>): void {
    const args = { transitRouterAttachmentId, transitRouterRouteTableId: this.routeTableId };
    new TransitRouterRouteTableAssociation(name, args, { parent: this.parent });
    new TransitRouterRouteTablePropagation(name, args, { parent: this.parent });
  }
}

/** The table that every transit router has; `at` is where the router is named. */
const systemTable = (parent: Resource, at: string, transitRouterId: Input<string>): Output<string> =>
  all([
    transitRouterId,
    getTransitRouterRouteTablesOutput({ transitRouterId, transitRouterRouteTableType: 'System' }, { parent }),
  ]).apply(([router, { tables }]) => tableOf(at, router, tables));

/** The system table among those that were found. */
export function tableOf(
  at: string,
  router: string,
  [system]: readonly { readonly transitRouterRouteTableId: string }[],
): string {
  if (system !== undefined) return system.transitRouterRouteTableId;
  throw lateMistake(`${at}: ${router} has no system route table: name a transit router of this region`);
}
