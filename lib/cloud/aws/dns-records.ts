import { getHostedZoneIdOutput } from '@pulumi/aws/lb';
import { getZoneOutput, HealthCheck, type RecordArgs, Record as Route53Record, Zone } from '@pulumi/aws/route53';
import {
  ComponentResource,
  type ComponentResourceOptions,
  interpolate,
  type Output,
  type Resource,
} from '@pulumi/pulumi';
import type { Inputs } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';

import { type DnsRecordsArgs, type DnsRegion, readDnsRecords } from './dns-records-args.js';

/** What answers at a name. */
type Answer = Pick<RecordArgs, 'aliases' | 'records' | 'ttl'> & { readonly type: 'A' | 'AAAA' | 'CNAME' };

/**
 * The names of a topology in Route 53: `<region>.<domain>` leads to each region, `<domain>` to the best one that is healthy.
 *
 * ```ts
 * new DnsRecords('registry', {
 *   domain: 'registry.example.com',
 *   zone: DnsZone.existing({ zoneId }),
 *   regions: {
 *     virginia: { target: DnsTarget.networkLoadBalancer(hostname), awsRegion: 'us-east-1' },
 *     factory: { target: DnsTarget.addresses({ ipv4: ['203.0.113.7'] }), awsRegion: 'eu-central-1' },
 *   },
 *   routing: DnsRouting.latency(),
 * });
 * ```
 */
export class DnsRecords extends ComponentResource {
  readonly zoneId: Output<string>;
  readonly zoneArn: Output<string>;
  /** To which the domain above must delegate; empty for a private zone. */
  readonly nameServers: Output<readonly string[]>;

  constructor(name: string, args: DnsRecordsArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:aws:DnsRecords', name, {}, opts);
    const { healthChecks, ttl } = readArgs('aws', this, name, args, readDnsRecords);
    const zone = this.zone(name, args);
    this.zoneId = zone.zoneId;
    this.zoneArn = zone.arn;
    this.nameServers = zone.nameServers;
    for (const [region, settings] of Object.entries(args.regions)) {
      const own = interpolate`${region}.${args.domain}`;
      const check = healthChecks ? this.healthCheck(`${name}-${region}/health`, own, args.tags) : undefined;
      for (const answer of this.answers(settings, ttl)) {
        const record = this.record(`${name}-${region}/${answer.type}`, { name: own, ...answer });
        const alias = { name: own, zoneId: this.zoneId, evaluateTargetHealth: false };
        this.record(
          `${name}-${region}/domain/${answer.type}`,
          {
            name: args.domain,
            ...(answer.type === 'CNAME' ? answer : { type: answer.type, aliases: [alias] }),
            ...routingOf(region, args),
            healthCheckId: check?.id,
          },
          record,
        );
      }
    }
    this.registerOutputs({ zoneId: this.zoneId, zoneArn: this.zoneArn, nameServers: this.nameServers });
  }

  private zone(name: string, { zone, domain, tags }: DnsRecordsArgs) {
    if (zone.type === 'existing') return getZoneOutput({ zoneId: zone.zoneId }, { parent: this });
    const vpcs = zone.type === 'private' ? zone.vpcIds.map((vpcId) => ({ vpcId })) : undefined;
    return new Zone(name, { name: zone.name ?? domain, vpcs, comment: 'Harbor registries', tags }, { parent: this });
  }

  private answers({ target, awsRegion }: Inputs<DnsRegion>, ttl: number): readonly Answer[] {
    switch (target.type) {
      case 'addresses':
        return [
          { type: 'A', records: [...target.ipv4], ttl },
          ...(target.ipv6 === undefined ? [] : [{ type: 'AAAA' as const, records: [...target.ipv6], ttl }]),
        ];
      case 'hostname':
        return [{ type: 'CNAME', records: [target.hostname], ttl }];
      default: {
        const loadBalancerType = target.type === 'networkLoadBalancer' ? 'network' : 'application';
        const { id } = getHostedZoneIdOutput({ region: awsRegion, loadBalancerType }, { parent: this });
        return [{ type: 'A', aliases: [{ name: target.hostname, zoneId: id, evaluateTargetHealth: true }] }];
      }
    }
  }

  /** @param dependsOn what an alias leads to: Route 53 refuses one that leads nowhere */
  private record(logicalName: string, args: Omit<RecordArgs, 'zoneId'>, dependsOn?: Resource): Resource {
    return new Route53Record(logicalName, { zoneId: this.zoneId, ...args }, { parent: this, dependsOn });
  }

  private healthCheck(logicalName: string, host: Output<string>, tags: DnsRecordsArgs['tags']): HealthCheck {
    return new HealthCheck(
      logicalName,
      {
        type: 'HTTPS_STR_MATCH',
        fqdn: host,
        port: 443,
        resourcePath: '/api/v2.0/health',
        // Harbor's own state stands behind that of its components, whatever these are.
        searchString: '],"status":"healthy"',
        requestInterval: 30,
        failureThreshold: 3,
        enableSni: true,
        tags: { Name: host, ...tags },
      },
      { parent: this },
    );
  }
}

/** What distinguishes the answers of several regions. */
function routingOf(region: string, { routing, regions }: DnsRecordsArgs): Partial<RecordArgs> {
  switch (routing?.type) {
    case 'latency':
      return { setIdentifier: region, latencyRoutingPolicies: [{ region: regions[region]?.awsRegion ?? '' }] };
    case 'failover':
      return {
        setIdentifier: region,
        failoverRoutingPolicies: [{ type: routing.primary === region ? 'PRIMARY' : 'SECONDARY' }],
      };
    default:
      return {};
  }
}
