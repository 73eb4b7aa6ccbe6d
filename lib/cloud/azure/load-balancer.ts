import { IPV4 } from '../../plan/address-rules.js';
import { Issues } from '../../plan/issues.js';
import { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { RESOURCE_GROUP } from './args.js';

/** A load balancer in front of Harbor's nginx, made by AKS. */
export interface LoadBalancerProps {
  /** `internal` can be reached from the virtual network and what is linked to it, `internet-facing` by everyone. */
  readonly scheme: 'internal' | 'internet-facing';
  /** Name of the subnet of an `internal` one. @default - that of the nodes */
  readonly subnetName?: string;
  /** Fixed IPv4 address: of an `internal` one within its subnet. @default - chosen by Azure */
  readonly ipv4Address?: string;
  /** Name of the public address of an `internet-facing` one. @default - made by AKS */
  readonly publicIpName?: string;
  /** Resource group of that address, in which the cluster's identity must be Network Contributor. @default - that of the nodes */
  readonly publicIpResourceGroup?: string;
}

const PREFIX = 'service.beta.kubernetes.io/azure-';
const RESOURCE = { pattern: /^[A-Za-z0-9][\w.-]*$/, allowed: 'the name of a resource', maxLength: 80 };
const ONLY = {
  subnetName: 'internal',
  publicIpName: 'internet-facing',
  publicIpResourceGroup: 'internet-facing',
} as const;

/**
 * Annotations of Harbor's Service for AKS, which makes a rule of its Standard load balancer of them (costs by the rule and by traffic).
 * Its health probe asks the port itself: nginx would redirect a path. Throws a `PlanError` with every mistake.
 * https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
 *
 * ```ts
 * exposure: Exposure.loadBalancer({ annotations: loadBalancerAnnotations({ scheme: 'internal', subnetName: 'lb' }) })
 * ```
 */
export function loadBalancerAnnotations(args: Inputs<LoadBalancerProps>): Readonly<Record<string, string>> {
  const issues = new Issues('the settings of azure loadBalancerAnnotations');
  const reader = new Reader(plain<LoadBalancerProps>(args), 'azure loadBalancerAnnotations', issues);
  reader.only('scheme', 'ipv4Address', ...Object.keys(ONLY));
  if (!reader.has('scheme')) reader.missing('scheme', 'internal or internet-facing');
  const scheme = reader.choice('scheme', ['internal', 'internet-facing'] as const);
  const annotations = {
    'load-balancer-internal': String(scheme === 'internal'),
    'load-balancer-internal-subnet': reader.text('subnetName', RESOURCE),
    'load-balancer-ipv4': reader.text('ipv4Address', IPV4),
    'pip-name': reader.text('publicIpName', RESOURCE),
    'load-balancer-resource-group': reader.text('publicIpResourceGroup', RESOURCE_GROUP),
    'load-balancer-health-probe-protocol': 'tcp',
  };
  for (const [key, wanted] of Object.entries(ONLY)) {
    if (!reader.has(key) || scheme === undefined || scheme === wanted) continue;
    const fix = `remove ${key}, or set scheme: ${wanted}`;
    const problem = `is not used with an ${scheme} load balancer`;
    issues.error(reader.at(key), problem, reader.raw(key), `only with scheme: ${wanted}`, fix);
  }
  issues.throwIfAny();
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([key, value]) => (value === undefined ? [] : [[`${PREFIX}${key}`, value]])),
  );
}
