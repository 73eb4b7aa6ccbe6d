import { Construct } from 'constructs';
import type { ServiceSpec } from 'kubernetes-types/core/v1';
import type { ExposurePlan } from '../../plan/exposure.js';
import type { Endpoint, HarborPlan } from '../../plan/harbor.js';
import { httpProbe, tcpProbe } from '../container.js';
import { manifest } from '../manifest.js';
import { objectLabels, Workload, type WorkloadContext } from '../workload.js';
import {
  configFile,
  GRACE_SECONDS,
  harborService,
  LEAVING,
  merge,
  type Parts,
  SECRET_MODE,
  servicePort,
  temporary,
  workloadOf,
} from './common.js';
import { FRONT_TLS, frontConf, INTERNAL_CA } from './front-config.js';
import { gatewayRoutes, ingress } from './front-routes.js';
import { HEALTH_PATH } from './nginx-config.js';

/** How clients reach Harbor: an Ingress, routes of a Gateway, or nginx behind a Service called like the instance. */
export class Front extends Construct {
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext) {
    super(scope, id);
    const { exposure, front } = plan;
    if (exposure.type === 'ingress') ingress(this, 'ingress', plan, context, exposure);
    else if (exposure.type === 'gateway') gatewayRoutes(this, 'route', plan, context, exposure);
    else if (front !== undefined) this.nginx(plan, context, exposure, front);
  }

  private nginx(plan: HarborPlan, context: WorkloadContext, exposure: ExposurePlan, front: Endpoint): void {
    const name = `${plan.instance}-nginx`;
    const conf = frontConf(plan);
    const isTls = front.scheme === 'https';
    manifest(this, 'config', 'ConfigMap', {
      metadata: { name, namespace: plan.namespace, labels: objectLabels(context, 'nginx') },
      data: { 'nginx.conf': conf },
    });
    const parts = merge(
      configFile('config', name, 'nginx.conf', '/etc/nginx/nginx.conf'),
      temporary('tmp', '/tmp'),
      certificate(plan),
      internalCa(plan),
    );
    new Workload(this, 'workload', {
      ...workloadOf(plan, context, 'nginx'),
      kind: 'Deployment',
      containers: [
        {
          name: 'nginx',
          image: plan.images.nginx,
          ports: isTls ? { http: 8080, https: 8443 } : { http: 8080 },
          readiness: httpProbe(HEALTH_PATH, front.podPort, front.scheme),
          liveness: isTls
            ? httpProbe(HEALTH_PATH, 8080, 'http', { failureThreshold: 3 })
            : tcpProbe(8080, { failureThreshold: 3 }),
          lifecycle: LEAVING,
          mounts: parts.mounts,
        },
      ],
      volumes: parts.volumes,
      configuration: [conf, ...parts.configuration],
      terminationGracePeriodSeconds: GRACE_SECONDS,
    });
    const [http, https] = [servicePort('http', 80, 8080), servicePort('https', 443, 8443)];
    const nodePorts = exposure.type === 'nodePort' ? exposure : undefined;
    harborService(
      this,
      'service',
      plan,
      context,
      'nginx',
      [{ ...http, nodePort: nodePorts?.httpPort }, ...(isTls ? [{ ...https, nodePort: nodePorts?.httpsPort }] : [])],
      {
        name: plan.instance,
        annotations: exposure.type === 'loadBalancer' ? { ...exposure.annotations } : undefined,
        spec: serviceSpec(exposure),
      },
    );
  }
}

function serviceSpec(exposure: ExposurePlan): ServiceSpec {
  switch (exposure.type) {
    case 'loadBalancer':
      return {
        type: 'LoadBalancer',
        loadBalancerIP: exposure.loadBalancerIp,
        loadBalancerSourceRanges: exposure.sourceRanges.length === 0 ? undefined : [...exposure.sourceRanges],
        externalTrafficPolicy: exposure.externalTrafficPolicy,
      };
    case 'nodePort':
      return { type: 'NodePort' };
    default:
      return { type: 'ClusterIP' };
  }
}

const certificate = ({ certificates: { front } }: HarborPlan): Partial<Parts> =>
  front === undefined
    ? {}
    : {
        mounts: [{ volume: 'tls', path: FRONT_TLS }],
        volumes: { tls: { secret: { secretName: front.secret, defaultMode: SECRET_MODE } } },
      };

/** What it verifies the components by. */
const internalCa = ({ caConfigMaps: { internal }, internalCa: ca }: HarborPlan): Partial<Parts> =>
  internal === undefined
    ? {}
    : {
        mounts: [{ volume: 'internal-ca', path: INTERNAL_CA }],
        volumes: { 'internal-ca': { configMap: { name: internal } } },
        configuration: ca?.from === 'text' ? [ca.pem] : [],
      };
