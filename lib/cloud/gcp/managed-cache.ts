import { Instance } from '@pulumi/gcp/redis';
import { ComponentResource, type ComponentResourceOptions, type Output, secret, unsecret } from '@pulumi/pulumi';
import type { ExternalCache } from '../../plan/cache.js';
import { gibibytes, readGibibytes } from '../../plan/disk-size.js';
import type { Size } from '../../plan/quantities.js';
import type { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { type Labelled, NAME, NETWORK_LINK, PROJECT, REGION } from './args.js';

/** Memorystore for Redis, for one Harbor. */
export interface ManagedCacheProps extends Labelled {
  /** Self link of the VPC, with private services access. */
  readonly network: string;
  /** Google's own name of the region, such as `europe-west4`. */
  readonly region: string;
  /** Project of the instance. @default - that of the provider */
  readonly project?: string;
  /** Memory, 1Gi to 300Gi, paid by the hour: Harbor holds sessions, queues and short-lived copies in it. @default 1Gi */
  readonly memory?: Size;
  /** A standby in another zone takes over when the primary fails; doubles the cost. Without it Harbor stands still meanwhile. @default true */
  readonly standby?: boolean;
  /** @default REDIS_7_2 */
  readonly redisVersion?: 'REDIS_7_0' | 'REDIS_7_2';
}

/** As {@link ManagedCacheProps}, with an Output wherever free text goes. */
export type ManagedCacheArgs = Inputs<ManagedCacheProps>;

/** Where Memorystore answers by TLS. */
const TLS_PORT = 6378;

/**
 * Memorystore for Redis for one Harbor: in the VPC alone, by TLS that Harbor verifies, with a password of Google's and a standby in
 * another zone. Not Memorystore for Valkey and Redis Cluster, which have one numbered database: Harbor uses several. Nothing in it must
 * outlive it: it is deleted with the stack, and users log in again.
 *
 * ```ts
 * const cache = new ManagedCache('holland', { network, region: 'europe-west4' });
 * // regions: { holland: { cache: cache.cache, … } }
 * ```
 */
export class ManagedCache extends ComponentResource {
  readonly host: Output<string>;
  /** Secret. */
  readonly password: Output<string>;
  /** PEM of the instance's own CAs. */
  readonly ca: Output<string>;
  /** The setting for a region or a Harbor: `cache: cache.cache`. */
  readonly cache: ExternalCache;

  constructor(name: string, args: ManagedCacheArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:gcp:ManagedCache', name, {}, opts);
    const { memory, standby, redisVersion } = readArgs('gcp', this, name, args, readManagedCache);
    const { network, region, project, labels } = args;
    const instance = new Instance(
      name,
      {
        name,
        project,
        region,
        labels,
        displayName: `Harbor of ${name}`,
        tier: standby ? 'STANDARD_HA' : 'BASIC',
        memorySizeGb: gibibytes(memory),
        redisVersion,
        authorizedNetwork: network,
        connectMode: 'PRIVATE_SERVICE_ACCESS',
        authEnabled: true,
        transitEncryptionMode: 'SERVER_AUTHENTICATION',
      },
      { parent: this },
    );
    this.host = instance.host;
    this.password = secret(instance.authString);
    this.ca = unsecret(instance.serverCaCerts.apply((found) => found.map(({ cert }) => cert.trim()).join('\n')));
    this.cache = plain<ExternalCache>({
      type: 'external',
      host: this.host,
      port: TLS_PORT,
      tls: true,
      password: this.password,
      ca: this.ca,
    });
    this.registerOutputs({ host: this.host, password: this.password });
  }
}

function readManagedCache(reader: Reader, name: string) {
  reader.only('network', 'region', 'project', 'memory', 'standby', 'redisVersion', 'labels');
  if (!NAME.pattern.test(name) || name.length > 40) {
    const allowed = 'at most 40 lower-case letters, digits and "-", beginning with a letter';
    const fix = 'choose another name for the component';
    reader.issues.error(reader.path, 'is no name for an instance of Memorystore', name, allowed, fix);
  }
  reader.requiredText('network', NETWORK_LINK);
  reader.requiredText('region', REGION);
  reader.text('project', PROJECT);
  reader.textMap('labels');
  return {
    memory: readGibibytes(reader, 'memory', '1Gi', '300Gi') ?? '1Gi',
    standby: reader.flag('standby') ?? true,
    redisVersion: reader.choice('redisVersion', ['REDIS_7_0', 'REDIS_7_2'] as const) ?? 'REDIS_7_2',
  };
}
