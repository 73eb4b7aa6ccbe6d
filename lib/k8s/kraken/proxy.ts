import type { Construct } from 'constructs';
import type { KrakenPlan } from '../../plan/kraken.js';
import { krakenComponent, nginxProbes, service } from './component.js';
import { proxyConfig } from './proxy-config.js';

/** Proxies: they hear of pushes to Harbor and have the origins fetch the layers. Without Harbor they take pushes themselves. */
export function proxy(scope: Construct, plan: KrakenPlan): void {
  const { ports } = plan;
  service(scope, plan, 'proxy', { http: ports.proxy, notification: ports.notification });
  krakenComponent(scope, plan, 'proxy', {
    kind: 'Deployment',
    config: proxyConfig(plan),
    flags: [`--port=${ports.proxy}`],
    ports: { http: ports.proxy, notification: ports.notification },
    probes: nginxProbes(plan, ports.proxy),
    cache: { sizeLimit: '2Gi' },
  });
}
