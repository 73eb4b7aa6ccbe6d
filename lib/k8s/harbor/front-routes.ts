import type { Construct } from 'constructs';
import type { HTTPIngressPath, IngressRule } from 'kubernetes-types/networking/v1';
import type { IngressController } from '../../plan/exposure.js';
import type { Endpoint, HarborPlan } from '../../plan/harbor.js';
import { manifest } from '../manifest.js';
import { objectLabels, type WorkloadContext } from '../workload.js';
import { CLOSED_PATHS } from './nginx-config.js';

const CORE_PATHS = ['/api/', '/service/', '/v2/', '/c/'] as const;

/** Paths in the order in which they must be tried where order counts. The portal's nginx refuses those that are closed. */
const ROUTES: readonly { readonly path: string; readonly component: 'core' | 'portal' }[] = [
  ...CLOSED_PATHS.map((path) => ({ path, component: 'portal' as const })),
  ...CORE_PATHS.map((path) => ({ path, component: 'core' as const })),
  { path: '/', component: 'portal' },
];

const serviceName = (plan: HarborPlan, component: 'core' | 'portal'): string => `${plan.instance}-${component}`;

type IngressPlan = Extract<HarborPlan['exposure'], { type: 'ingress' }>;

/** The Ingress, `<instance>-ingress`. */
export function ingress(
  scope: Construct,
  id: string,
  plan: HarborPlan,
  context: WorkloadContext,
  exposure: IngressPlan,
) {
  const hosts = [plan.domain, ...plan.aliases];
  const secret = plan.certificates.front?.secret;
  return manifest(scope, id, 'Ingress', {
    metadata: {
      name: `${plan.instance}-ingress`,
      namespace: plan.namespace,
      labels: objectLabels(context, 'ingress'),
      annotations: { ...ingressAnnotations(plan, exposure.controller), ...exposure.annotations },
    },
    spec: {
      ingressClassName: exposure.className,
      // ALB finds its certificate in ACM by the host names, and fails on a Secret.
      tls:
        secret === undefined ? undefined : [exposure.controller === 'alb' ? { hosts } : { hosts, secretName: secret }],
      rules: hosts.map((host): IngressRule => ({ host, http: { paths: ingressPaths(plan, exposure.controller) } })),
    },
  });
}

function ingressPaths(plan: HarborPlan, controller: IngressController): HTTPIngressPath[] {
  return ROUTES.map(({ path, component }) => ({
    // Google's load balancer takes prefixes only in its own notation.
    ...(controller === 'gce'
      ? { path: path.endsWith('/') ? `${path}*` : path, pathType: 'ImplementationSpecific' }
      : { path, pathType: 'Prefix' }),
    backend: { service: { name: serviceName(plan, component), port: { number: plan[component].port } } },
  }));
}

/** What each controller needs for bodies of any size that take minutes, and to speak TLS to the components. */
function ingressAnnotations(plan: HarborPlan, controller: IngressController): Record<string, string> {
  const isTls = plan.tls.type !== 'none';
  const internal = plan.internalTls.type !== 'none';
  switch (controller) {
    case 'nginx': {
      const nginx = 'nginx.ingress.kubernetes.io';
      return {
        [`${nginx}/proxy-body-size`]: '0',
        [`${nginx}/proxy-buffering`]: 'off',
        [`${nginx}/proxy-request-buffering`]: 'off',
        [`${nginx}/proxy-read-timeout`]: '900',
        [`${nginx}/proxy-send-timeout`]: '900',
        [`${nginx}/ssl-redirect`]: String(isTls),
        ...(internal ? { [`${nginx}/backend-protocol`]: 'HTTPS' } : {}),
      };
    }
    case 'traefik':
      return isTls ? { 'traefik.ingress.kubernetes.io/router.tls': 'true' } : {};
    case 'alb': {
      const alb = 'alb.ingress.kubernetes.io';
      return {
        [`${alb}/target-type`]: 'ip',
        [`${alb}/backend-protocol`]: internal ? 'HTTPS' : 'HTTP',
        [`${alb}/load-balancer-attributes`]: 'idle_timeout.timeout_seconds=900',
        [`${alb}/listen-ports`]: isTls ? '[{"HTTP": 80}, {"HTTPS": 443}]' : '[{"HTTP": 80}]',
        ...(isTls ? { [`${alb}/ssl-redirect`]: '443' } : {}),
      };
    }
    default:
      return {};
  }
}

/** What a controller wants to know about a Service that it sends requests to; nothing for the other exposures. */
export function serviceAnnotations(plan: HarborPlan, component: 'core' | 'portal'): Record<string, string> | undefined {
  if (plan.exposure.type !== 'ingress') return undefined;
  switch (plan.exposure.controller) {
    case 'alb':
      return { 'alb.ingress.kubernetes.io/healthcheck-path': component === 'core' ? '/api/v2.0/ping' : '/' };
    case 'gce':
      return {
        'cloud.google.com/neg': '{"ingress": true}',
        ...(plan.internalTls.type === 'none' ? {} : { 'cloud.google.com/app-protocols': appProtocols(component) }),
      };
    default:
      return undefined;
  }
}

const appProtocols = (component: 'core' | 'portal'): string =>
  component === 'core' ? '{"https-web": "HTTPS"}' : '{"https-portal": "HTTPS"}';

type GatewayPlan = Extract<HarborPlan['exposure'], { type: 'gateway' }>;

/** The HTTPRoute, `<instance>-route`, and for TLS to the components how the Gateway verifies them. */
export function gatewayRoutes(
  scope: Construct,
  id: string,
  plan: HarborPlan,
  context: WorkloadContext,
  exposure: GatewayPlan,
): void {
  const labels = objectLabels(context, 'route');
  manifest(scope, id, 'HTTPRoute', {
    metadata: { name: `${plan.instance}-route`, namespace: plan.namespace, labels },
    spec: {
      parentRefs: exposure.parentRefs.map((ref) => ({ ...ref })),
      hostnames: [plan.domain, ...plan.aliases],
      rules: ROUTES.map(({ path, component }) => ({
        matches: [{ path: { type: 'PathPrefix' as const, value: path } }],
        backendRefs: [{ name: serviceName(plan, component), port: plan[component].port }],
        // Zero switches the Gateway's own limit off: a layer may take longer than any.
        ...(path === '/v2/' ? { timeouts: { request: '0s' } } : {}),
      })),
    },
  });
  const ca = plan.caConfigMaps.internal;
  if (ca === undefined) return;
  for (const component of ['core', 'portal'] as const) {
    backendTls(scope, `${id}-${component}-tls`, plan, labels, component, plan[component], ca);
  }
}

function backendTls(
  scope: Construct,
  id: string,
  plan: HarborPlan,
  labels: Record<string, string>,
  component: 'core' | 'portal',
  endpoint: Endpoint,
  configMap: string,
): void {
  manifest(scope, id, 'BackendTLSPolicy', {
    metadata: { name: serviceName(plan, component), namespace: plan.namespace, labels },
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: serviceName(plan, component) }],
      validation: { hostname: endpoint.host, caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: configMap }] },
    },
  });
}
