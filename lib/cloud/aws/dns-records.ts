import { getZoneOutput, HealthCheck, type RecordArgs, Record as Route53Record, Zone } from '@pulumi/aws/route53';
import { ComponentResource, type ComponentResourceOptions, type Output, output, type Resource } from '@pulumi/pulumi';
import type { HealthCheckPlan } from '../../plan/network/public-names.js';
import { lateMistake } from '../../pulumi/errors.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import type { PublicHarbor } from '../public-names.js';
import { type DnsRecordsArgs, type DnsTarget, readDnsRecords, type WrittenName } from './dns-records-args.js';
import { type Alias, aliasOf } from './load-balancer-name.js';
import { failover, routed } from './routing-policy.js';

/** What answers at a name. */
type Answer = Pick<RecordArgs, 'aliases' | 'records' | 'ttl'> & { readonly type: 'A' | 'AAAA' | 'CNAME' };

/**
 * The public names of a topology in Route 53, as its `dns` plans them: `<region>.<domain>` leads to each region, `<domain>` to the
 * first one that is healthy, or to the nearest.
 *
 * ```ts
 * new DnsRecords('registry', {
 *   plan: registry.plan,                       // of a topology with dns: {}
 *   zone: DnsZone.existing({ zoneId }),
 *   targets: {
 *     'virginia.registry.example.com': DnsTarget.loadBalancer(registry.endpoints.virginia.address!),
 *     'factory.registry.example.com': DnsTarget.addresses({ ipv4: ['203.0.113.7'] }),
 *   },
 * });
 * ```
 */
export class DnsRecords extends ComponentResource {
  readonly zoneId: Output<string>;
  readonly zoneArn: Output<string>;
  /** To which the domain above must delegate; empty for a private zone. */
  readonly nameServers: Output<readonly string[]>;

  constructor(name: string, { plan, ...args }: DnsRecordsArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:aws:DnsRecords', name, {}, opts);
    const { healthChecks, names } = readArgs('aws', this, name, args, readDnsRecords(plan));
    const zone = this.zone(name, plan.domain, args);
    this.zoneId = zone.zoneId;
    this.zoneArn = zone.arn;
    this.nameServers = zone.nameServers;
    for (const common of names) {
      // From the last one on: Route 53 refuses an alias that leads nowhere.
      const behind: Resource[] = [];
      for (const harbor of [...common.harbors].reverse()) {
        const answers = this.answers(args.targets[harbor.hostname] as Inputs<DnsTarget>, harbor.ttlSeconds);
        const check =
          healthChecks && harbor.check ? this.healthCheck(name, harbor, harbor.check, args.tags) : undefined;
        behind.push(...this.lead(`${name}-${harbor.label}`, common, harbor, answers, check, behind));
      }
    }
    this.registerOutputs({ zoneId: this.zoneId, zoneArn: this.zoneArn, nameServers: this.nameServers });
  }

  private zone(name: string, domain: string, { zone, tags }: Omit<DnsRecordsArgs, 'plan'>) {
    if (zone.type === 'existing') return getZoneOutput({ zoneId: zone.zoneId }, { parent: this });
    const vpcs = zone.type === 'private' ? zone.vpcIds.map((vpcId) => ({ vpcId })) : undefined;
    return new Zone(name, { name: zone.name ?? domain, vpcs, comment: 'Harbor registries', tags }, { parent: this });
  }

  /** The records of one Harbor: its own name, and its part of the common one. */
  private lead(
    logical: string,
    common: WrittenName,
    harbor: PublicHarbor,
    answers: readonly Answer[],
    check: HealthCheck | undefined,
    behind: readonly Resource[],
  ): readonly Resource[] {
    const { hostname, ttlSeconds } = harbor;
    const own = answers.map((answer) => this.record(`${logical}/${answer.type}`, { name: hostname, ...answer }));
    // Whatever a Harbor's own name leads to, the common one has records of one kind: Route 53 takes no mixture.
    const parts: readonly Answer[] = common.isApex
      ? answers.map(({ type }) => ({ type, aliases: [this.aliasTo(hostname, false)] }))
      : [{ type: 'CNAME', records: [hostname], ttl: ttlSeconds }];
    const { name, policy, next } = routed(common, harbor);
    return parts.flatMap((part) => {
      const { type } = part;
      const answered = this.record(
        `${logical}/domain/${type}`,
        { name, ...part, ...policy, healthCheckId: check?.id },
        common.isApex ? own : [],
      );
      if (next === undefined) return [answered];
      const others = { name, type, aliases: [this.aliasTo(next, true)], ...failover('SECONDARY', 'next') };
      return [answered, this.record(`${logical}/next/${type}`, others, behind)];
    });
  }

  private aliasTo(name: string, evaluateTargetHealth: boolean) {
    return { name, zoneId: this.zoneId, evaluateTargetHealth };
  }

  private answers(target: Inputs<DnsTarget>, ttl: number): readonly Answer[] {
    switch (target.type) {
      case 'addresses':
        return [
          { type: 'A', records: [...target.ipv4], ttl },
          ...(target.ipv6 === undefined ? [] : [{ type: 'AAAA' as const, records: [...target.ipv6], ttl }]),
        ];
      case 'hostname':
        return [{ type: 'CNAME', records: [target.hostname], ttl }];
      default:
        return [{ type: 'A', aliases: [this.alias(target.hostname)] }];
    }
  }

  private alias(hostname: Inputs<string>): Output<Alias> {
    return output(hostname).apply((host) => {
      const alias = aliasOf(host, this);
      if (alias !== undefined) return alias;
      throw lateMistake(
        `${host}: is not the name of a load balancer of AWS, such as a1b2.elb.us-east-1.amazonaws.com: use DnsTarget.hostname(…) or DnsTarget.addresses(…)`,
      );
    }) as Output<Alias>;
  }

  /** @param dependsOn what an alias leads to */
  private record(logicalName: string, args: Omit<RecordArgs, 'zoneId'>, dependsOn: readonly Resource[] = []): Resource {
    return new Route53Record(
      logicalName,
      { zoneId: this.zoneId, ...args },
      { parent: this, dependsOn: [...dependsOn] },
    );
  }

  private healthCheck(
    name: string,
    { label, hostname }: PublicHarbor,
    { url, search, intervalSeconds, failures }: HealthCheckPlan,
    tags: DnsRecordsArgs['tags'],
  ): HealthCheck {
    const { protocol, port, pathname } = new URL(url);
    const isTls = protocol === 'https:';
    return new HealthCheck(
      `${name}-${label}/health`,
      {
        type: isTls ? 'HTTPS_STR_MATCH' : 'HTTP_STR_MATCH',
        fqdn: hostname,
        port: port === '' ? (isTls ? 443 : 80) : Number(port),
        resourcePath: pathname,
        searchString: search,
        requestInterval: intervalSeconds,
        failureThreshold: failures,
        enableSni: isTls,
        tags: { Name: hostname, ...tags },
      },
      { parent: this },
    );
  }
}
