import { Endpoint, Rule, RuleAttachment, Zone, ZoneAttachment, ZoneRecord } from '@pulumi/alicloud/pvtz';
import { type Input, Output, output, type Resource } from '@pulumi/pulumi';
import { cloudRegion } from '../../plan/network/clouds.js';
import { privateZones } from '../../plan/network/private-names.js';
import { answerOf } from '../answers.js';
import type { AnsweredRecord, CloudSite, ForwardTarget } from '../cloud.js';
import type { AlicloudArgs } from './network-args.js';

/** The private zones of a region in PrivateZone, and the way to those of others. */
export class PrivateNames {
  private readonly zones: ReadonlyMap<string, Input<string>>;
  private readonly endpoint?: Endpoint;

  constructor(
    private readonly parent: Resource,
    private readonly name: string,
    private readonly site: CloudSite,
    private readonly args: AlicloudArgs,
  ) {
    const { plan, region, network } = site;
    this.zones = new Map(privateZones(plan, region.name).map((zone) => [zone, this.zone(zone)]));
    if (network.forwards.length > 0) this.endpoint = this.outbound();
  }

  private get vpc() {
    const { network } = this.site;
    return { vpcId: this.args.vpcId, regionId: cloudRegion(network) };
  }

  private zone(zoneName: string): Input<string> {
    const existing = this.args.privateZoneIds?.[zoneName];
    if (existing !== undefined) return existing;
    const parent = { parent: this.parent };
    const zone = new Zone(
      `${this.name}/${zoneName}`,
      // Names of the same zone that are public, such as those of certificate checks, are asked of the internet.
      { zoneName, proxyPattern: 'RECORD', tags: this.args.tags },
      parent,
    );
    new ZoneAttachment(`${this.name}/${zoneName}`, { zoneId: zone.id, vpcs: [this.vpc] }, parent);
    return zone.id;
  }

  private outbound(): Endpoint {
    const { vpcId, regionId } = this.vpc;
    return new Endpoint(
      `${this.name}/outbound`,
      {
        endpointName: `${this.name}-outbound`,
        vpcId,
        vpcRegionId: regionId,
        securityGroupId: this.args.securityGroupId,
        ipConfigs: this.args.vswitches.map(({ id, zoneId, cidrBlock }) => ({ vswitchId: id, zoneId, cidrBlock })),
      },
      { parent: this.parent },
    );
  }

  /** A record for each address; of addresses that are known only when deployed, one for the first. */
  answer(records: readonly AnsweredRecord[]): void {
    for (const answered of records) {
      const { record, target } = answered;
      const zoneId = this.zones.get(record.zone);
      if (zoneId === undefined) throw new Error(`no zone for ${record.name}`);
      const late = Output.isInstance(target) || target instanceof Promise;
      const answer = answerOf(answered);
      for (let i = 0; i < (late ? 1 : target.length); i++) {
        new ZoneRecord(
          `${this.name}/${record.name}/${i}`,
          {
            zoneId,
            rr: record.name === record.zone ? '@' : record.name.slice(0, -`.${record.zone}`.length),
            type: answer.type,
            value: answer.values.apply((values) => values[i] ?? ''),
            ttl: record.ttlSeconds,
          },
          { parent: this.parent },
        );
      }
    }
  }

  forward(forwards: readonly ForwardTarget[]): void {
    for (const { forward, resolvers } of forwards) {
      if (this.endpoint === undefined) throw new Error(`no way out for questions about ${forward.zone}`);
      const rule = new Rule(
        `${this.name}/${forward.zone}`,
        {
          ruleName: `${this.name}-${forward.zone}`,
          type: 'OUTBOUND',
          zoneName: forward.zone,
          endpointId: this.endpoint.id,
          forwardIps: output(resolvers).apply((addresses) => addresses.map((ip) => ({ ip, port: 53 }))),
        },
        { parent: this.parent },
      );
      new RuleAttachment(
        `${this.name}/${forward.zone}`,
        { ruleId: rule.id, vpcs: [this.vpc] },
        { parent: this.parent },
      );
    }
  }
}
