import { Instance } from '@pulumi/alicloud/kvstore';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';
import type { ExternalCache } from '../../plan/cache.js';
import type { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { CLIENT_ACCESS, type ClientAccess, checkInstanceName, readClientAccess, type Tagged, ZONE_ID } from './args.js';

/** Tair (Redis OSS-compatible), for one Harbor. */
export interface ManagedCacheProps extends ClientAccess, Tagged {
  /**
   * Zone of the standby, which takes over when the first fails; it needs no vSwitch there. A change moves the cache, with its name, and
   * cuts its connections. @default - in the same zone, which survives a server, not a zone
   */
  readonly standbyZoneId?: string;
  /** Instance class of the standard architecture, without shards: Harbor uses several numbered databases. @default redis.shard.small.2.ce, 1 GiB with a standby */
  readonly instanceClass?: `redis.${string}`;
  /** Version of Redis. @default 7.0 */
  readonly engineVersion?: '5.0' | '6.0' | '7.0';
  /** Add one for a new password. It is changed at once: pods that have not rolled yet must. @default 1 */
  readonly passwordGeneration?: number;
}

/** As {@link ManagedCacheProps}, with an Output wherever free text goes. */
export type ManagedCacheArgs = Inputs<ManagedCacheProps>;

/**
 * Redis of Alibaba Cloud for one Harbor, with a standby and a password made here, reached by the clients named only. Within the VPC and without
 * TLS, which this edition has for clusters only. It is deleted with the stack: users log in again.
 *
 * ```ts
 * const cache = new ManagedCache('hangzhou', { vpcId, vswitchId, zoneId, clientCidrs: ['10.1.0.0/16'] });
 * // regions: { hangzhou: { cache: cache.cache, … } }
 * ```
 */
export class ManagedCache extends ComponentResource {
  readonly host: Output<string>;
  /** Secret. */
  readonly password: Output<string>;
  /** The setting for a region or a Harbor: `cache: cache.cache`. */
  readonly cache: ExternalCache;

  constructor(name: string, args: ManagedCacheArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:alicloud:ManagedCache', name, {}, opts);
    const settings = readArgs('alicloud', this, name, args, readManagedCache);
    const parent = { parent: this };
    const password = new RandomPassword(
      `${name}-password`,
      {
        // Redis takes 32 characters of three kinds; of others Harbor takes few.
        length: 32,
        special: false,
        minUpper: 1,
        minLower: 1,
        minNumeric: 1,
        keepers: { generation: String(settings.passwordGeneration) },
      },
      parent,
    );
    const instance = new Instance(
      name,
      {
        dbInstanceName: name,
        instanceType: 'Redis',
        instanceClass: settings.instanceClass,
        engineVersion: settings.engineVersion,
        paymentType: 'PostPaid',
        vswitchId: args.vswitchId,
        zoneId: args.zoneId,
        secondaryZoneId: args.standbyZoneId,
        securityIps: [...args.clientCidrs],
        password: password.result,
        vpcAuthMode: 'Open',
        tags: args.tags,
      },
      parent,
    );
    this.host = instance.connectionDomain;
    this.password = password.result;
    this.cache = plain<ExternalCache>({ type: 'external', host: this.host, password: this.password });
    this.registerOutputs({ host: this.host, password: this.password });
  }
}

function readManagedCache(reader: Reader, name: string) {
  checkInstanceName(reader, name);
  reader.only(...CLIENT_ACCESS, 'standbyZoneId', 'instanceClass', 'engineVersion', 'passwordGeneration', 'tags');
  readClientAccess(reader);
  reader.text('standbyZoneId', ZONE_ID);
  reader.textMap('tags');
  return {
    instanceClass:
      reader.text('instanceClass', {
        pattern: /^redis\.[a-z0-9.]+$/,
        allowed: 'an instance class such as redis.shard.mid.2.ce',
      }) ?? 'redis.shard.small.2.ce',
    engineVersion: reader.choice('engineVersion', ['5.0', '6.0', '7.0'] as const) ?? '7.0',
    passwordGeneration: reader.count('passwordGeneration', 1, 1_000_000) ?? 1,
  };
}
