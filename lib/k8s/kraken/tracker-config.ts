import type { KrakenPlan } from '../../plan/kraken.js';
import { INTERNAL_PORTS } from '../../plan/kraken-limits.js';
import { loopback, nginx, staticList, tlsConfig, ZAP } from './common.js';

/** Configuration of trackers. Peers are kept in memory: a static list of trackers fails over without a Redis. */
export const trackerConfig = (plan: KrakenPlan): object => ({
  zap: ZAP,
  tls: tlsConfig(plan, true),
  peerhandoutpolicy: { priority: 'completeness' },
  trackerserver: { announce_interval: '3s', listener: loopback(INTERNAL_PORTS.tracker) },
  origin: { hosts: { static: staticList(plan.hosts.origin, plan.ports.origin) } },
  nginx: nginx('tracker'),
});
