import { Issues } from '../../plan/issues.js';
import { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { VSWITCH_ID } from './args.js';

/** A Classic Load Balancer in front of Harbor's nginx, made by the cloud controller manager of ACK. */
export interface LoadBalancerProps {
  /** `intranet` can be reached from the VPC and what is linked to it, `internet` by everyone, which is the controller's own default. */
  readonly addressType: 'intranet' | 'internet';
  /** vSwitch that an `intranet` one has its address in. @default - that of the nodes */
  readonly vswitchId?: string;
  /** A load balancer that exists, whose listeners are taken over. @default - one is made, and paid for by the hour and by traffic */
  readonly loadBalancerId?: string;
}

const PREFIX = 'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-';

/**
 * Annotations of Harbor's Service for the cloud controller manager of ACK. Throws a `PlanError` with every mistake.
 * https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/add-annotations-to-the-yaml-file-of-a-service-to-configure-clb-instances
 *
 * ```ts
 * exposure: Exposure.loadBalancer({ annotations: loadBalancerAnnotations({ addressType: 'intranet' }) })
 * ```
 */
export function loadBalancerAnnotations(args: Inputs<LoadBalancerProps>): Readonly<Record<string, string>> {
  const issues = new Issues('the settings of alicloud loadBalancerAnnotations');
  const reader = new Reader(plain<LoadBalancerProps>(args), 'alicloud loadBalancerAnnotations', issues);
  reader.only('addressType', 'vswitchId', 'loadBalancerId');
  if (!reader.has('addressType')) reader.missing('addressType', 'intranet or internet');
  const addressType = reader.choice('addressType', ['intranet', 'internet'] as const);
  const id = reader.text('loadBalancerId', { pattern: /^lb-[0-9a-z]+$/, allowed: 'an identifier such as lb-bp1a2b3c' });
  const vswitchId = reader.text('vswitchId', VSWITCH_ID);
  if (vswitchId !== undefined && (addressType === 'internet' || id !== undefined)) {
    const allowed = 'only with addressType: intranet, and without loadBalancerId';
    reader.issues.error(reader.at('vswitchId'), 'has no meaning here', vswitchId, allowed, 'remove it');
  }
  issues.throwIfAny();
  const annotations = {
    'address-type': addressType,
    'vswitch-id': vswitchId,
    id,
    'force-override-listeners': id === undefined ? undefined : 'true',
    // Without it the controller makes a new load balancer of unlimited capacity by request, and of its own default kind.
    'instance-charge-type': id === undefined ? 'PayByCLCU' : undefined,
  };
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([key, value]) => (value === undefined ? [] : [[`${PREFIX}${key}`, value]])),
  );
}
