import { getHostedZoneIdOutput } from '@pulumi/aws/lb';
import type { Output, Resource } from '@pulumi/pulumi';

/** Host names of load balancers: of network ones, or of the others, with their region. */
const LOAD_BALANCER = /\.(?:elb\.([a-z0-9-]+)|([a-z0-9-]+)\.elb)\.amazonaws\.com(?:\.cn)?$/;

/** An alias of Route 53, which may stand at the name of a zone. */
export interface Alias {
  readonly name: string;
  readonly zoneId: string;
  readonly evaluateTargetHealth: boolean;
}

/** An alias for a load balancer of AWS; nothing for any other host. */
export function aliasOf(name: string, parent: Resource): Output<Alias> | undefined {
  const [found, network, other] = LOAD_BALANCER.exec(name) ?? [];
  if (found === undefined) return undefined;
  const loadBalancerType = network === undefined ? 'application' : 'network';
  const { id } = getHostedZoneIdOutput({ region: network ?? other, loadBalancerType }, { parent });
  return id.apply((zoneId) => ({ name, zoneId, evaluateTargetHealth: true }));
}
