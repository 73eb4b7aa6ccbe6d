import { Issues } from '../../plan/issues.js';
import { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { NAME } from './args.js';

/** A network load balancer in front of Harbor's nginx, made by GKE. */
export interface LoadBalancerProps {
  /** `internal` can be reached from the VPC and what is linked to it, `internet-facing` by everyone. */
  readonly scheme: 'internal' | 'internet-facing';
  /** Subnet of an `internal` one. @default - that of the cluster */
  readonly subnetwork?: string;
  /** Name of a reserved address. @default - chosen by Google */
  readonly addressName?: string;
  /** Clients in any region reach an `internal` one: those that come through a VPN of another region of the VPC need it. @default true */
  readonly globalAccess?: boolean;
}

/**
 * Annotations of Harbor's Service for GKE, which makes a network load balancer of them (costs forwarding rules by the hour, and
 * traffic). Throws a `PlanError` with every mistake.
 * https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
 *
 * ```ts
 * exposure: Exposure.loadBalancer({ annotations: loadBalancerAnnotations({ scheme: 'internal' }) })
 * ```
 */
export function loadBalancerAnnotations(args: Inputs<LoadBalancerProps>): Readonly<Record<string, string>> {
  const issues = new Issues('the settings of gcp loadBalancerAnnotations');
  const reader = new Reader(plain<LoadBalancerProps>(args), 'gcp loadBalancerAnnotations', issues);
  reader.only('scheme', 'subnetwork', 'addressName', 'globalAccess');
  if (!reader.has('scheme')) reader.missing('scheme', 'internal or internet-facing');
  const scheme = reader.choice('scheme', ['internal', 'internet-facing'] as const);
  const subnetwork = reader.text('subnetwork', NAME);
  const addressName = reader.text('addressName', NAME);
  const globalAccess = reader.flag('globalAccess') ?? true;
  if (scheme === 'internet-facing') {
    for (const key of ['subnetwork', 'globalAccess'].filter((one) => reader.has(one))) {
      const problem = 'is not used with an internet-facing load balancer';
      const fix = `remove ${key}, or set scheme: internal`;
      issues.error(reader.at(key), problem, reader.raw(key), 'only with scheme: internal', fix);
    }
  }
  issues.throwIfAny();
  const annotations = {
    ...(scheme === 'internal'
      ? {
          'networking.gke.io/load-balancer-type': 'Internal',
          'networking.gke.io/internal-load-balancer-allow-global-access': String(globalAccess),
          'networking.gke.io/internal-load-balancer-subnet': subnetwork,
        }
      : { 'cloud.google.com/l4-rbs': 'enabled' }),
    'networking.gke.io/load-balancer-ip-addresses': addressName,
  };
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
