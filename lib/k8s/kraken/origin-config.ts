import type { KrakenPlan } from '../../plan/kraken.js';
import { INTERNAL_PORTS } from '../../plan/kraken-limits.js';
import { blobBackends } from './backends.js';
import { bandwidth, CACHE_PATH, loopback, nginx, staticList, tlsConfig, ZAP } from './common.js';

/** Configuration of origins, before it is rendered as YAML. */
export function originConfig(plan: KrakenPlan): object {
  return {
    zap: ZAP,
    tls: tlsConfig(plan, true),
    peer_id_factory: 'addr_hash',
    metainfogen: {
      piece_lengths: Object.fromEntries(plan.pieceLengths.map(({ from, length }) => [`${from}B`, `${length}B`])),
    },
    // Origins call their list "cluster.static", all others "hosts.static"; Kraken ignores keys it does not know.
    cluster: { static: staticList(plan.hosts.origin, plan.ports.origin) },
    hashring: { max_replica: plan.maxReplica },
    scheduler: { torrentlog: { disable: true }, conn: { bandwidth: bandwidth(plan, 'origin') } },
    localdb: { source: `${CACHE_PATH}/origin.db` },
    castore: {
      upload_dir: `${CACHE_PATH}/upload`,
      cache_dir: `${CACHE_PATH}/cache`,
      cache_cleanup: { tti: plan.cache.originTti },
      memory_cache: { enabled: true, max_size: 1_048_576, ttl: '2s', drain_workers: 2, drain_max_retries: 3 },
    },
    blobserver: { listener: loopback(INTERNAL_PORTS.origin) },
    backends: blobBackends(plan),
    nginx: nginx('origin'),
  };
}
