import type { KrakenPlan } from '../../plan/kraken.js';
import { INTERNAL_PORTS } from '../../plan/kraken-limits.js';
import { tagBackends } from './backends.js';
import { CACHE_PATH, loopback, namespacePattern, nginx, staticList, tlsConfig, ZAP } from './common.js';

/** Configuration of build-indexes. */
export const buildIndexConfig = (plan: KrakenPlan): object => ({
  zap: ZAP,
  tls: tlsConfig(plan, true),
  localdb: { source: `${CACHE_PATH}/index.db` },
  store: { upload_dir: `${CACHE_PATH}/upload`, cache_dir: `${CACHE_PATH}/cache` },
  tag_store: { write_through: true },
  tagserver: { listener: loopback(INTERNAL_PORTS.buildIndex) },
  tag_types: [{ namespace: namespacePattern(plan), type: 'docker' }],
  cluster: { hosts: { static: staticList(plan.hosts.buildIndex, plan.ports.buildIndex) } },
  origin: { hosts: { static: staticList(plan.hosts.origin, plan.ports.origin) } },
  backends: tagBackends(plan),
  nginx: nginx('build-index'),
});
