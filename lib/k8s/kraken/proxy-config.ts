import type { KrakenPlan } from '../../plan/kraken.js';
import { INTERNAL_PORTS } from '../../plan/kraken-limits.js';
import { CACHE_PATH, loopback, nginx, staticList, tlsConfig, ZAP } from './common.js';

/** Configuration of proxies. */
export const proxyConfig = (plan: KrakenPlan): object => ({
  zap: ZAP,
  tls: tlsConfig(plan, true),
  castore: { upload_dir: `${CACHE_PATH}/upload`, cache_dir: `${CACHE_PATH}/cache`, capacity: 1024 },
  registry: { docker: { version: 0.1, log: { level: 'error' }, http: loopback(INTERNAL_PORTS.proxyRegistry) } },
  registryoverride: { listener: loopback(INTERNAL_PORTS.proxyOverride) },
  // The only listener that takes notifications: nginx does not pass them on, and has no TLS for them.
  server: { listener: { net: 'tcp', addr: `0.0.0.0:${plan.ports.notification}` } },
  origin: { hosts: { static: staticList(plan.hosts.origin, plan.ports.origin) } },
  build_index: { hosts: { static: staticList(plan.hosts.buildIndex, plan.ports.buildIndex) } },
  nginx: nginx('proxy'),
});
