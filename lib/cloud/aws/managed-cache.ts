import { ReplicationGroup, SubnetGroup } from '@pulumi/aws/elasticache';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';
import type { ExternalCache } from '../../plan/cache.js';
import type { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { ARN, checkServerName, type Tagged } from './args.js';
import { CLIENT_ACCESS, type ClientAccess, readClientAccess, serviceSecurityGroups } from './client-access.js';

/** ElastiCache for Valkey, for one Harbor. */
export interface ManagedCacheProps extends ClientAccess, Tagged {
  /**
   * Node type, for each node. Another one is taken at once and cuts connections for seconds, longer without a standby.
   * @default cache.t4g.small, 1.4 GiB: Harbor holds sessions, queues and short-lived copies in it
   */
  readonly nodeType?: `cache.${string}`;
  /**
   * Standbys in other zones, 0 to 5, of which one takes over when the primary fails; each costs a node. With 0 Harbor stands still meanwhile.
   * A change takes effect at once, also from and to 0. @default 1
   */
  readonly replicas?: number;
  /**
   * Version of Valkey, 7.2 or 8.x; ElastiCache changes it only when this does. A higher one is taken at once: writes fail for seconds while
   * a standby takes over; without one the cache is away for minutes. A lower one makes a new, empty cache. @default 8.0
   */
  readonly engineVersion?: `${number}.${number}`;
  /** ARN of the key that encrypts it at rest. @default - the key that AWS keeps for ElastiCache, at no cost */
  readonly kmsKeyArn?: string;
  /** Add one for a new password; the one before stays valid until the next time, so that pods can roll. @default 1 */
  readonly passwordGeneration?: number;
}

/** As {@link ManagedCacheProps}, with an Output wherever free text goes. */
export type ManagedCacheArgs = Inputs<ManagedCacheProps>;

/**
 * ElastiCache for Valkey for one Harbor: encrypted at rest and on the way, with a password made here and a standby in another zone.
 * Cluster mode is off, since Harbor uses several numbered databases; for the same reason serverless caches do not do. Nothing in it
 * must outlive it: it is deleted with the stack, and users log in again.
 *
 * ```ts
 * const cache = new ManagedCache('virginia', { vpcId, subnetIds, clientSecurityGroupIds: [nodeSecurityGroupId] });
 * // regions: { virginia: { cache: cache.cache, … } }
 * ```
 */
export class ManagedCache extends ComponentResource {
  /** Host name that always leads to the primary. */
  readonly host: Output<string>;
  /** Secret. */
  readonly password: Output<string>;
  /** The security group that is made; nothing with `securityGroupIds`. */
  readonly securityGroupId?: Output<string>;
  /** The setting for a region or a Harbor: `cache: cache.cache`. */
  readonly cache: ExternalCache;

  constructor(name: string, args: ManagedCacheArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:aws:ManagedCache', name, {}, opts);
    const settings = readArgs('aws', this, name, args, readManagedCache);
    const parent = { parent: this };
    const { tags } = args;
    const groups = serviceSecurityGroups(this, name, args, { port: 6379, description: `Valkey of ${name}` });
    const subnets = new SubnetGroup(name, { subnetIds: [...args.subnetIds], tags }, parent);
    const password = new RandomPassword(
      `${name}-password`,
      // Letters and digits: of others ElastiCache takes some, and Harbor others.
      { length: 64, special: false, keepers: { generation: String(settings.passwordGeneration) } },
      parent,
    );
    const group = new ReplicationGroup(
      name,
      {
        description: `Harbor of ${name}`,
        engine: 'valkey',
        engineVersion: settings.engineVersion,
        // A version that AWS raised would look like one to be lowered again.
        autoMinorVersionUpgrade: false,
        // Otherwise a change would wait for the maintenance window: failover for a first standby, and what must be off before the last one goes.
        applyImmediately: true,
        nodeType: settings.nodeType,
        parameterGroupName: `default.valkey${settings.engineVersion.replace(/\..*/, '')}`,
        numCacheClusters: settings.replicas + 1,
        automaticFailoverEnabled: settings.replicas > 0,
        multiAzEnabled: settings.replicas > 0,
        port: 6379,
        subnetGroupName: subnets.name,
        securityGroupIds: [...groups.ids],
        atRestEncryptionEnabled: true,
        kmsKeyId: args.kmsKeyArn,
        transitEncryptionEnabled: true,
        authToken: password.result,
        authTokenUpdateStrategy: 'ROTATE',
        tags,
      },
      parent,
    );
    this.host = group.primaryEndpointAddress;
    this.password = password.result;
    this.securityGroupId = groups.made?.id;
    this.cache = plain<ExternalCache>({ type: 'external', host: this.host, tls: true, password: this.password });
    this.registerOutputs({ host: this.host, password: this.password });
  }
}

function readManagedCache(reader: Reader, name: string) {
  // ElastiCache takes 40 characters; Pulumi appends 8 to make it unique.
  checkServerName(reader, name, 32);
  reader.only(...CLIENT_ACCESS, 'nodeType', 'replicas', 'engineVersion', 'kmsKeyArn', 'passwordGeneration', 'tags');
  const replicas = reader.count('replicas', 0, 5) ?? 1;
  readClientAccess(
    reader,
    replicas > 0 ? 2 : 1,
    replicas > 0 ? 'are too few: a standby must be in another availability zone' : 'names no subnet',
  );
  reader.text('kmsKeyArn', ARN);
  reader.textMap('tags');
  return {
    replicas,
    nodeType:
      reader.text('nodeType', {
        pattern: /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
        allowed: 'a node type such as cache.m7g.large',
      }) ?? 'cache.t4g.small',
    engineVersion: reader.text('engineVersion', { pattern: /^(7\.2|8\.\d+)$/, allowed: '7.2 or 8.x' }) ?? '8.0',
    passwordGeneration: reader.count('passwordGeneration', 1, 1_000_000) ?? 1,
  };
}
