import type { KrakenPlan } from '../../plan/kraken.js';
import { INTERNAL_PORTS } from '../../plan/kraken-limits.js';
import { bandwidth, CACHE_PATH, loopback, nginx, staticList, tlsConfig, ZAP } from './common.js';

/**
 * Who may ask an agent's registry port, as its nginx sees them. A host port may hide the node behind any address of its own or
 * of the pods' network, so every private range is let in here; what keeps others out is the port's host address
 * 127.0.0.1 and the NetworkPolicy.
 */
const NODE_ADDRESSES = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  // Shared address space (RFC 6598), which some clouds give to pods, and link-local addresses of some network plug-ins.
  '100.64.0.0/10',
  '169.254.0.0/16',
] as const;

/** Configuration of agents. */
export const agentConfig = (plan: KrakenPlan): object => ({
  zap: ZAP,
  tls: tlsConfig(plan, false),
  peer_id_factory: 'addr_hash',
  store: {
    download_dir: `${CACHE_PATH}/download`,
    cache_dir: `${CACHE_PATH}/cache`,
    download_cleanup: { ttl: plan.cache.agentTtl },
    cache_cleanup: { ttl: plan.cache.agentTtl },
  },
  registry: { docker: { version: 0.1, log: { level: 'error' }, http: loopback(INTERNAL_PORTS.agent) } },
  scheduler: {
    torrentlog: { disable: true },
    // Endgame asks several peers for the last pieces of every layer: 14 to 45 % more bytes, and slower (measured, 50 MB layers).
    dispatch: { piece_request_policy: 'rarest_first', disable_endgame: true },
    conn: { bandwidth: bandwidth(plan, 'agent') },
  },
  tracker: { hosts: { static: staticList(plan.hosts.tracker, plan.ports.tracker) } },
  build_index: { hosts: { static: staticList(plan.hosts.buildIndex, plan.ports.buildIndex) } },
  allowed_cidrs: [...NODE_ADDRESSES, ...(plan.nodeCidr === undefined ? [] : [plan.nodeCidr])],
  nginx: nginx('agent'),
});
