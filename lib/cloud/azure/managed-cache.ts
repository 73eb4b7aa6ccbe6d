import { Database, listDatabaseKeysOutput, RedisEnterprise } from '@pulumi/azure-native/redisenterprise';
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  interpolate,
  type Output,
  secret,
} from '@pulumi/pulumi';
import { RandomId } from '@pulumi/random';
import type { CacheServer, ExternalCache } from '../../plan/cache.js';
import type { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { LOCATION, RESOURCE_GROUP, type Tagged } from './args.js';
import { type PrivateEndpointProps, privateEndpoint, readPrivateEndpoint } from './service-access.js';

/** Sizes that Azure has without shards: of 24 GB and less (https://learn.microsoft.com/azure/redis/architecture#cluster-policies). */
const SKUS = [
  ...(['Balanced_B0', 'Balanced_B1', 'Balanced_B3', 'Balanced_B5', 'Balanced_B10', 'Balanced_B20'] as const),
  ...(['MemoryOptimized_M10', 'MemoryOptimized_M20'] as const),
  ...(['ComputeOptimized_X3', 'ComputeOptimized_X5', 'ComputeOptimized_X10', 'ComputeOptimized_X20'] as const),
];

/** Azure Managed Redis, for one Harbor. */
export interface ManagedCacheProps extends Tagged {
  readonly resourceGroupName: string;
  /** Azure's own name of the region, such as `westeurope`; it can never be changed. */
  readonly location: string;
  /** Where the two servers get their addresses; they have none on the internet. Costs by the hour and by the gigabyte, for each. */
  readonly privateEndpoint: PrivateEndpointProps;
  /**
   * Size of each of the two servers, by the hour; Azure keeps a fifth of its memory. Harbor holds sessions, queues and short-lived copies
   * in them. Another size makes new servers: users log in again, and jobs that wait are lost. @default Balanced_B1, 1 GB
   */
  readonly sku?: (typeof SKUS)[number];
  /**
   * A standby takes over when a server fails, in another zone where the region has several; doubles the cost. Without it Harbor stands
   * still meanwhile. Azure adds it later, and never takes it away. @default true
   */
  readonly standby?: boolean;
  /** Which of a server's two keys Harbor logs in with. To rotate, name the other one, deploy, and regenerate the first in Azure. @default 1 */
  readonly keyNumber?: 1 | 2;
}

/** As {@link ManagedCacheProps}, with an Output wherever free text goes. */
export type ManagedCacheArgs = Inputs<ManagedCacheProps>;

/** Where Azure Managed Redis answers. */
const PORT = 10000;

/**
 * Azure Managed Redis for one Harbor: reached by private endpoints alone, by TLS that Harbor verifies, with keys of Azure's and standbys.
 * It is two servers, since each has one numbered database only: one for core, whose sessions must not lie beside the rest, and one for
 * the rest. Nothing in it must outlive it: it is deleted with the stack, and users log in again.
 *
 * ```ts
 * const cache = new ManagedCache('holland', { resourceGroupName, location: 'westeurope', privateEndpoint: { subnetId, privateDnsZoneId } });
 * // regions: { holland: { cache: cache.cache, … } }
 * ```
 */
export class ManagedCache extends ComponentResource {
  /** Host name of the server for all but core. */
  readonly host: Output<string>;
  /** Its key; secret. */
  readonly password: Output<string>;
  /** Host name of the server for core. */
  readonly coreHost: Output<string>;
  /** Its key; secret. */
  readonly corePassword: Output<string>;
  /** The setting for a region or a Harbor: `cache: cache.cache`. */
  readonly cache: ExternalCache;

  constructor(name: string, args: ManagedCacheArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:azure:ManagedCache', name, {}, opts);
    const settings = readArgs('azure', this, name, args, readManagedCache);
    // The name of a server is unique in its region of Azure; without shards none becomes a larger one.
    const suffix = new RandomId(name, { byteLength: 4, keepers: { sku: settings.sku } }, { parent: this });
    const server = (part: string) => this.server(part, interpolate`${part}-${suffix.hex}`, args, settings);
    const rest = server(name);
    const core = server(`${name}-core`);
    this.host = rest.host;
    this.password = rest.password;
    this.coreHost = core.host;
    this.corePassword = core.password;
    this.cache = plain<ExternalCache>({ type: 'external', ...rest, core });
    this.registerOutputs({ host: this.host, password: this.password });
  }

  private server(
    part: string,
    clusterName: Output<string>,
    args: ManagedCacheArgs,
    { sku, standby, keyNumber }: ReturnType<typeof readManagedCache>,
  ) {
    const { resourceGroupName, location, tags } = args;
    const parent = { parent: this };
    const cluster = new RedisEnterprise(
      part,
      {
        clusterName,
        resourceGroupName,
        location,
        tags,
        sku: { name: sku },
        highAvailability: standby ? 'Enabled' : 'Disabled',
        minimumTlsVersion: '1.2',
        publicNetworkAccess: 'Disabled',
      },
      parent,
    );
    const database = new Database(
      part,
      {
        resourceGroupName,
        clusterName: cluster.name,
        databaseName: 'default',
        // Harbor knows neither Redis Cluster nor Entra.
        clusteringPolicy: 'NoCluster',
        accessKeysAuthentication: 'Enabled',
        clientProtocol: 'Encrypted',
        port: PORT,
        // A job that is thrown away would never run.
        evictionPolicy: 'NoEviction',
      },
      parent,
    );
    // Azure changes one thing of a server at a time.
    const id = all([cluster.id, database.id]).apply(([made]) => made);
    const service = { id, group: 'redisEnterprise', name: interpolate`${clusterName}-endpoint` } as const;
    const endpoint = privateEndpoint(this, part, service, args);
    const keys = listDatabaseKeysOutput(
      { resourceGroupName, clusterName: cluster.name, databaseName: database.name },
      { parent: this, dependsOn: [database] },
    );
    // Harbor does not wait for the way to it by itself.
    const ready = all([database.id, endpoint?.id]).apply(() => '');
    return {
      host: interpolate`${cluster.hostName}${ready}`,
      port: PORT,
      tls: true,
      password: secret(keyNumber === 1 ? keys.primaryKey : keys.secondaryKey),
    } satisfies Inputs<CacheServer>;
  }
}

function readManagedCache(reader: Reader, name: string) {
  reader.only('resourceGroupName', 'location', 'privateEndpoint', 'sku', 'standby', 'keyNumber', 'tags');
  if (!/^[a-z0-9](-?[a-z0-9])*$/.test(name) || name.length > 46) {
    const allowed = 'at most 46 lower-case letters, digits and single "-"';
    const fix = 'choose another name for the component';
    reader.issues.error(reader.path, 'is no name for a server of Azure', name, allowed, fix);
  }
  reader.requiredText('resourceGroupName', RESOURCE_GROUP);
  reader.requiredText('location', LOCATION);
  reader.textMap('tags');
  if (reader.has('privateEndpoint')) readPrivateEndpoint(reader);
  else reader.missing('privateEndpoint', 'a subnet for the addresses of the servers: { subnetId, privateDnsZoneId }');
  return {
    sku: reader.choice('sku', SKUS) ?? 'Balanced_B1',
    standby: reader.flag('standby') ?? true,
    keyNumber: reader.count('keyNumber', 1, 2) ?? 1,
  };
}
