import { isDeferred } from '../../plan/deferred.js';
import type { ExposurePlan } from '../../plan/exposure.js';
import type { Issues } from '../../plan/issues.js';
import { privateRecords } from '../../plan/network/private-names.js';
import type { CloudSite } from '../cloud.js';

const OF_SERVICES = 'service.beta.kubernetes.io/aws-load-balancer-scheme';
/** By which it was said before there was a scheme. */
const OF_SERVICES_BEFORE = 'service.beta.kubernetes.io/aws-load-balancer-internal';
const OF_INGRESSES = 'alb.ingress.kubernetes.io/scheme';

/**
 * Tells of load balancers by which linked regions would reach Harbor over the internet. Their addresses are host names, which do not tell
 * it. A Service that asks for no scheme gets an internal one of the AWS Load Balancer Controller, and a public one of the controller that
 * is built into the cloud provider (kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb).
 */
export function checkSchemes({ plan, region, addresses }: CloudSite, issues: Issues): void {
  for (const { name, target } of privateRecords(plan, region.name)) {
    const harbor = region.harbors.find(({ instance }) => instance === target.instance);
    if (target.kind !== 'harbor' || harbor === undefined || addresses?.includes(name)) continue;
    const [key, scheme] = schemeOf(harbor.exposure) ?? [];
    if (key === undefined || scheme === 'internal') continue;
    const way = `other regions reach ${name} over the internet, not over links`;
    issues.warning(
      `regions.${region.name}.exposure.annotations["${key}"]`,
      scheme === undefined
        ? `is missing: unless the cluster's controller makes internal load balancers by itself, ${way}`
        : `makes a load balancer that faces the internet: ${way}`,
      scheme,
      'internal',
      `set it to internal, or say where Harbor is reached inside: regions.${region.name}.addresses["${name}"]`,
    );
  }
}

/** Annotation and scheme of a load balancer that AWS makes; nothing where none is made, or where it is not known yet. */
function schemeOf(exposure: ExposurePlan): readonly [key: string, scheme?: string] | undefined {
  if (exposure.type === 'ingress') {
    // An ALB is internal by default.
    const scheme = exposure.annotations[OF_INGRESSES];
    return scheme === undefined || isDeferred(scheme) ? undefined : [OF_INGRESSES, scheme];
  }
  if (exposure.type !== 'loadBalancer') return undefined;
  const { [OF_SERVICES]: scheme, [OF_SERVICES_BEFORE]: before } = exposure.annotations;
  if ([scheme, before].some((text) => text !== undefined && isDeferred(text))) return undefined;
  return [OF_SERVICES, scheme ?? (before === undefined || before === 'false' ? undefined : 'internal')];
}
