import { SecurityGroup } from '@pulumi/aws/ec2';
import {
  ResolverEndpoint,
  ResolverRule,
  ResolverRuleAssociation,
  Record as Route53Record,
  Zone,
} from '@pulumi/aws/route53';
import { type Input, type Output, output } from '@pulumi/pulumi';
import { privateRecords } from '../../plan/network/private-names.js';
import { answerOf } from '../answers.js';
import type { AnsweredRecord, ForwardTarget } from '../cloud.js';
import { resourceName } from '../resource-name.js';
import { askers } from './firewall.js';
import { type Alias, aliasOf } from './load-balancer-name.js';
import type { Place } from './network.js';

/** The private names of a region: a zone of its own, and a resolver that answers for it and asks others. */
export class PrivateNames {
  /** Addresses that other regions ask; none when none does. */
  readonly resolvers: Input<readonly string[]>;

  constructor(private readonly place: Place) {
    const { site, args } = place;
    const asked = privateRecords(site.plan, site.region.name).length > 0;
    if (args.inboundEndpoint === true || !asked) this.resolvers = site.network.resolvers ?? [];
    else this.resolvers = this.endpoint('inbound').ipAddresses.apply((all) => all.map(({ ip }) => ip));
  }

  answer(records: readonly AnsweredRecord[]): void {
    const { name, args, region, parent, tags } = this.place;
    const zones = new Map<string, Input<string>>();
    for (const answered of records) {
      const { record } = answered;
      const { zone } = record;
      const zoneId =
        zones.get(zone) ??
        args.zoneIds?.[zone] ??
        new Zone(
          `${name}/${zone}`,
          {
            name: zone,
            comment: name,
            vpcs: [{ vpcId: args.vpcId, vpcRegion: region }],
            // An external-dns in the cluster writes records of its own, which would keep the zone from being deleted.
            forceDestroy: true,
            tags: tags(zone),
          },
          { parent },
        ).zoneId;
      zones.set(zone, zoneId);
      const answer = answerOfAws(answered, this.place);
      const field = <Key extends keyof Answer>(key: Key) =>
        answer.apply((known) => known[key]) as Output<NonNullable<Answer[Key]>>;
      new Route53Record(
        `${name}/${record.name}`,
        {
          zoneId,
          name: record.name,
          type: field('type'),
          ttl: field('ttl'),
          records: field('records'),
          aliases: field('aliases'),
        },
        { parent },
      );
    }
  }

  forward(forwards: readonly ForwardTarget[]): void {
    const { name, args, region, parent, tags } = this.place;
    const resolverEndpointId = args.outboundEndpointId ?? this.endpoint('outbound').id;
    for (const { forward, resolvers } of forwards) {
      const label = `${name}/${forward.zone}`;
      const ruleName = resourceName(name, forward.zone);
      const rule = new ResolverRule(
        label,
        {
          name: ruleName,
          domainName: forward.zone,
          ruleType: 'FORWARD',
          resolverEndpointId,
          targetIps: output(resolvers).apply((all) => all.map((ip) => ({ ip }))),
          region,
          tags: tags(label),
        },
        { parent },
      );
      new ResolverRuleAssociation(
        label,
        { name: ruleName, resolverRuleId: rule.id, vpcId: args.vpcId, region },
        { parent },
      );
    }
  }

  /** An endpoint with a security group that lets only DNS pass, only from or to regions that ask or are asked. */
  private endpoint(direction: 'inbound' | 'outbound'): ResolverEndpoint {
    const { name, site, args, region, parent, tags } = this.place;
    const label = `${name}-${direction}`;
    const flow = direction === 'inbound' ? 'ingress' : 'egress';
    const cidrBlocks = [...askers(site.network.firewall, flow)];
    const rules = ['udp', 'tcp'].map((protocol) => ({ protocol, fromPort: 53, toPort: 53, cidrBlocks }));
    const group = new SecurityGroup(
      label,
      {
        vpcId: args.vpcId,
        description: `${direction} questions for private names of linked regions`,
        ...(flow === 'ingress' ? { ingress: rules, egress: [] } : { ingress: [], egress: rules }),
        region,
        tags: tags(label),
      },
      { parent },
    );
    return new ResolverEndpoint(
      label,
      {
        name: resourceName(label),
        direction: direction.toUpperCase(),
        securityGroupIds: [group.id],
        ipAddresses: args.subnetIds.map((subnetId, i) => ({
          subnetId,
          ip: direction === 'inbound' ? site.network.resolvers?.[i] : undefined,
        })),
        region,
        tags: tags(label),
      },
      { parent },
    );
  }
}

/** What a record is made with: `aliases`, or the others. */
interface Answer {
  readonly type: string;
  readonly ttl?: number;
  readonly records?: string[];
  readonly aliases?: Alias[];
}

/** An alias for a load balancer of AWS, which may stand at the name of a zone; else addresses, or one name. */
function answerOfAws(answered: AnsweredRecord, { parent }: Place): Output<Answer> {
  return output(answered.target).apply((values): Output<Answer> => {
    const [name = ''] = values;
    const alias = aliasOf(name, parent);
    if (alias !== undefined) return alias.apply((one): Answer => ({ type: 'A', aliases: [one] }));
    return answerOf(answered).apply(
      (answer): Answer => ({ type: answer.type, ttl: answered.record.ttlSeconds, records: [...answer.values] }),
    );
  }) as Output<Answer>;
}
