import { IPV4 } from '../../plan/address-rules.js';
import { Issues } from '../../plan/issues.js';
import { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { SECURITY_GROUP_ID, SUBNET_ID } from './args.js';

/** A network load balancer in front of Harbor's nginx, made by the AWS Load Balancer Controller. */
export interface LoadBalancerProps {
  /** `internal` can be reached from the VPC and what is linked to it, `internet-facing` by everyone. It can never be changed. */
  readonly scheme: 'internal' | 'internet-facing';
  /** Subnets it has an address in, one for each zone. @default - those that are tagged for it: kubernetes.io/role/internal-elb, kubernetes.io/role/elb */
  readonly subnetIds?: readonly string[];
  /** Fixed addresses of an `internal` one, one for each subnet, in their order. @default - chosen by AWS */
  readonly privateIpv4Addresses?: readonly string[];
  /** Elastic IPs (`eipalloc-…`) of an `internet-facing` one, one for each subnet, in their order. @default - chosen by AWS */
  readonly eipAllocationIds?: readonly string[];
  /**
   * Security groups that exist: they say which clients it lets in. The controller still lets the load balancer itself through to the pods, by
   * rules in the nodes' security groups; that takes its `enableBackendSecurityGroup`, which is on unless turned off.
   * @default - made by the controller, which lets in the Service's source ranges
   */
  readonly securityGroupIds?: readonly string[];
  /** Sends every client to nginx of any zone: even load, at the cost of traffic between zones. @default true */
  readonly crossZone?: boolean;
  /**
   * Harbor's audit log shows the client's address instead of the load balancer's. A pod or node then cannot reach Harbor through the
   * load balancer when nginx runs on the same node. @default false
   */
  readonly preserveClientIp?: boolean;
}

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

/**
 * Annotations of Harbor's Service for the AWS Load Balancer Controller, which makes a network load balancer of them (costs one, by
 * the hour and by traffic). Throws a `PlanError` with every mistake.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
 *
 * ```ts
 * exposure: Exposure.loadBalancer({ annotations: loadBalancerAnnotations({ scheme: 'internal', subnetIds }) })
 * ```
 */
export function loadBalancerAnnotations(args: Inputs<LoadBalancerProps>): Readonly<Record<string, string>> {
  const issues = new Issues('the settings of aws loadBalancerAnnotations');
  const reader = new Reader(plain<LoadBalancerProps>(args), 'aws loadBalancerAnnotations', issues);
  const annotations = read(reader);
  issues.throwIfAny();
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([key, value]) =>
      value === undefined ? [] : [[`${PREFIX}${key}`, typeof value === 'string' ? value : value.join(',')]],
    ),
  );
}

function read(reader: Reader): Record<string, string | readonly string[] | undefined> {
  reader.only(
    ...['scheme', 'subnetIds', 'privateIpv4Addresses', 'eipAllocationIds', 'securityGroupIds'],
    ...['crossZone', 'preserveClientIp'],
  );
  if (!reader.has('scheme')) reader.missing('scheme', 'internal or internet-facing');
  const scheme = reader.choice('scheme', ['internal', 'internet-facing'] as const);
  const subnets = reader.texts('subnetIds', SUBNET_ID);
  const addresses = reader.texts('privateIpv4Addresses', IPV4);
  const eips = reader.texts('eipAllocationIds', {
    pattern: /^eipalloc-[0-9a-f]+$/,
    allowed: 'an identifier such as eipalloc-0123456789abcdef0',
  });
  const wrongScheme = (key: string, allowed: string): void =>
    reader.issues.error(
      reader.at(key),
      `is not used with an ${scheme} load balancer`,
      reader.raw(key),
      `only with scheme: ${allowed}`,
      `remove ${key}, or set scheme: ${allowed}`,
    );
  if (addresses !== undefined && scheme === 'internet-facing') wrongScheme('privateIpv4Addresses', 'internal');
  if (eips !== undefined && scheme === 'internal') wrongScheme('eipAllocationIds', 'internet-facing');
  for (const [key, list] of [
    ['privateIpv4Addresses', addresses],
    ['eipAllocationIds', eips],
  ] as const) {
    if (list === undefined || list.length === subnets?.length) continue;
    reader.issues.error(
      reader.at(key),
      'does not fit the subnets',
      list,
      'one for each of subnetIds, in their order',
      subnets === undefined ? 'add subnetIds' : `name ${subnets.length}, or change subnetIds`,
    );
  }
  const securityGroups = reader.texts('securityGroupIds', SECURITY_GROUP_ID);
  return {
    type: 'external',
    'nlb-target-type': 'ip',
    scheme,
    subnets,
    'private-ipv4-addresses': addresses,
    'eip-allocations': eips,
    'security-groups': securityGroups,
    // With groups of others the controller opens the nodes only when it is told to.
    'manage-backend-security-group-rules': securityGroups && 'true',
    attributes: `load_balancing.cross_zone.enabled=${reader.flag('crossZone') ?? true}`,
    'target-group-attributes': `preserve_client_ip.enabled=${reader.flag('preserveClientIp') ?? false}`,
  };
}
