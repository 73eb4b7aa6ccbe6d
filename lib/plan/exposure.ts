import { ADDRESS, RANGE } from './address-rules.js';
import { DNS_LABEL, OBJECT_NAME } from './names.js';
import { checkText, type Reader, type TextRule } from './reader.js';
import type { Tls } from './tls.js';

/** Ingress controllers whose annotations are known here. */
export type IngressController = 'nginx' | 'traefik' | 'alb' | 'gce' | 'other';

/** An Ingress of a controller that runs in the cluster already. With internal TLS it encrypts to the components, but does not verify them. */
export interface IngressExposure {
  readonly type: 'ingress';
  /** Name of the IngressClass. @default - the cluster's default class */
  readonly className?: string;
  /**
   * Which controller it is: it gets the annotations without which large layers or long pushes fail. `alb` takes certificates from
   * ACM only, and `traefik` cannot be told to trust the components' CA. @default nginx
   */
  readonly controller?: IngressController;
  /** More annotations; they win over those of the controller. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The controller's pods: only they reach core and portal then. @default - not known: whoever is in the cluster reaches their ports */
  readonly controllerPods?: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
}

/** A Gateway's listener that the routes attach to. */
export interface GatewayRef {
  readonly name: string;
  /** @default - Harbor's namespace */
  readonly namespace?: string;
  /** Name of the listener. @default - every listener that takes the host names */
  readonly sectionName?: string;
}

/**
 * An HTTPRoute of the Gateway API for all host names. TLS ends at the Gateway, whose listener names the certificate: in another
 * namespace than Harbor's it needs a ReferenceGrant for the planned Secret. With internal TLS the Gateway verifies the components by
 * a BackendTLSPolicy, for which Gateway API 1.4 (`gateway.networking.k8s.io/v1`) and a controller that knows it are needed.
 */
export interface GatewayExposure {
  readonly type: 'gateway';
  readonly parentRefs: readonly GatewayRef[];
}

/** nginx behind a Service of type LoadBalancer. */
export interface LoadBalancerExposure {
  readonly type: 'loadBalancer';
  /** Annotations of the Service, which most clouds take the kind of load balancer from. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Address to ask the cloud for, where it lets one choose. @default - the cloud's choice */
  readonly loadBalancerIp?: string;
  /** Networks that clients come from. @default - everyone */
  readonly sourceRanges?: readonly string[];
  /** `Local` keeps the client's address for Harbor's audit log, and balances only over nodes with an nginx. @default Cluster */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
}

/** nginx behind a port of every node, for a load balancer of your own that listens on 80 and 443. */
export interface NodePortExposure {
  readonly type: 'nodePort';
  /** @default 30002 */
  readonly httpPort?: number;
  /** @default 30003 */
  readonly httpsPort?: number;
}

/** nginx behind a Service inside the cluster. */
export interface ClusterIpExposure {
  readonly type: 'clusterIp';
}

/** How clients reach Harbor. */
export type Exposure = IngressExposure | GatewayExposure | LoadBalancerExposure | NodePortExposure | ClusterIpExposure;

/** How clients reach Harbor: one of these factories. */
export const Exposure = {
  /** An Ingress of a controller that runs in the cluster already. */
  ingress: (props: Omit<IngressExposure, 'type'> = {}): IngressExposure => ({ type: 'ingress', ...props }),
  /** An HTTPRoute that attaches to Gateways that exist. */
  gateway: (props: Omit<GatewayExposure, 'type'>): GatewayExposure => ({ type: 'gateway', ...props }),
  /** nginx behind a load balancer of the cloud, which costs one load balancer. */
  loadBalancer: (props: Omit<LoadBalancerExposure, 'type'> = {}): LoadBalancerExposure => ({
    type: 'loadBalancer',
    ...props,
  }),
  /** nginx behind a port of every node, for a load balancer of your own. */
  nodePort: (props: Omit<NodePortExposure, 'type'> = {}): NodePortExposure => ({ type: 'nodePort', ...props }),
  /** nginx behind a Service inside the cluster: for clients in the cluster, or a tunnel of your own. */
  clusterIp: (): ClusterIpExposure => ({ type: 'clusterIp' }),
} as const;

/** An exposure as planned. */
export type ExposurePlan =
  | (IngressExposure & {
      readonly controller: IngressController;
      readonly annotations: Readonly<Record<string, string>>;
    })
  | GatewayExposure
  | (LoadBalancerExposure & {
      readonly annotations: Readonly<Record<string, string>>;
      readonly sourceRanges: readonly string[];
    })
  | Required<NodePortExposure>
  | ClusterIpExposure;

/** Whether nginx runs as the front. */
export const hasNginx = (exposure: ExposurePlan): boolean => exposure.type !== 'ingress' && exposure.type !== 'gateway';

const TYPES = ['ingress', 'gateway', 'loadBalancer', 'nodePort', 'clusterIp'] as const;

/** Reads how clients reach Harbor. */
export function readExposure(reader: Reader, key: string): ExposurePlan {
  const exposure = reader.child(key);
  if (reader.has(key) && !exposure.has('type')) exposure.missing('type', TYPES.join(', '));
  const type = exposure.choice('type', TYPES) ?? 'loadBalancer';
  switch (type) {
    case 'ingress':
      return readIngress(exposure);
    case 'gateway':
      return readGateway(exposure);
    case 'loadBalancer':
      return readLoadBalancer(exposure);
    case 'nodePort':
      return readNodePort(exposure);
    default:
      exposure.only('type');
      return { type };
  }
}

function readIngress(reader: Reader): ExposurePlan {
  reader.only('type', 'className', 'controller', 'annotations', 'controllerPods');
  const pods = reader.child('controllerPods').only('namespace', 'labels');
  if (reader.has('controllerPods') && !pods.has('labels')) pods.missing('labels', 'the labels that select its pods');
  return {
    type: 'ingress',
    className: reader.text('className', OBJECT_NAME),
    controller: reader.choice('controller', ['nginx', 'traefik', 'alb', 'gce', 'other'] as const) ?? 'nginx',
    annotations: reader.textMap('annotations') ?? {},
    controllerPods: reader.has('controllerPods')
      ? { namespace: pods.requiredText('namespace', DNS_LABEL), labels: pods.textMap('labels') ?? {} }
      : undefined,
  };
}

function readGateway(reader: Reader): ExposurePlan {
  reader.only('type', 'parentRefs');
  const parentRefs = reader.items('parentRefs').map((ref) => {
    ref.only('name', 'namespace', 'sectionName');
    return {
      name: ref.requiredText('name', OBJECT_NAME),
      namespace: ref.text('namespace', DNS_LABEL),
      sectionName: ref.text('sectionName', OBJECT_NAME),
    };
  });
  if (parentRefs.length === 0) {
    reader.issues.error(
      reader.at('parentRefs'),
      'names no Gateway',
      reader.raw('parentRefs'),
      'at least one Gateway that exists',
      'add { name: "…", namespace: "…" }',
    );
  }
  return { type: 'gateway', parentRefs };
}

function readLoadBalancer(reader: Reader): ExposurePlan {
  reader.only('type', 'annotations', 'loadBalancerIp', 'sourceRanges', 'externalTrafficPolicy');
  return {
    type: 'loadBalancer',
    annotations: reader.textMap('annotations') ?? {},
    loadBalancerIp: reader.text('loadBalancerIp', ADDRESS),
    sourceRanges: reader.texts('sourceRanges', RANGE) ?? [],
    externalTrafficPolicy: reader.choice('externalTrafficPolicy', ['Cluster', 'Local'] as const),
  };
}

function readNodePort(reader: Reader): ExposurePlan {
  reader.only('type', 'httpPort', 'httpsPort');
  // The default range of the API server's --service-node-port-range.
  const httpPort = reader.count('httpPort', 30000, 32767) ?? 30002;
  const httpsPort = reader.count('httpsPort', 30000, 32767) ?? 30003;
  if (httpPort === httpsPort) {
    reader.issues.error(
      reader.at('httpsPort'),
      'is the port of plain HTTP too',
      httpsPort,
      'two different ports',
      'change one of them',
    );
  }
  return { type: 'nodePort', httpPort, httpsPort };
}

/** Records what an exposure cannot do with the TLS settings given. */
export function checkExposure(reader: Reader, key: string, exposure: ExposurePlan, tls: Tls, internalTls: Tls): void {
  if (exposure.type !== 'ingress') return;
  const { controller } = exposure;
  const { issues } = reader;
  const at = `${reader.at(key)}.controller`;
  const isInternal = internalTls.type !== 'none';
  if (controller === 'traefik' && isInternal) {
    issues.error(
      at,
      'cannot verify the components, whose CA an Ingress has no way to hand it',
      controller,
      'traefik with plain HTTP between components, or another way in',
      'use Exposure.gateway() with a Gateway of Traefik, or internalTls: Tls.none()',
    );
  }
  if (controller === 'other' && isInternal) {
    issues.warning(
      at,
      'does not say how the controller is told that the components speak TLS',
      controller,
      'annotations of that controller, or a controller that is known here',
      'set annotations, or internalTls: Tls.none()',
    );
  }
  if (controller === 'alb' && tls.type !== 'none' && tls.type !== 'existingSecret') {
    issues.warning(
      at,
      'takes its certificate from ACM, not from the planned Secret',
      controller,
      'a certificate of ACM for every host name',
      'import one, and name it in the annotation alb.ingress.kubernetes.io/certificate-arn',
    );
  }
  if (controller === 'gce') {
    issues.warning(
      at,
      'ends every request after 30 seconds by default, and large layers take longer',
      controller,
      'a BackendConfig with a longer timeoutSec for the Services of core and portal',
      'add one, or use Exposure.gateway() or Exposure.loadBalancer()',
    );
  }
}

/** Records a host name that is not a DNS name, or that is given twice. */
export function checkHostnames(reader: Reader, rule: TextRule, domain: string, aliases: readonly string[]): void {
  for (const [i, alias] of aliases.entries()) {
    const path = `${reader.at('aliases')}[${i}]`;
    checkText(alias, rule, path, reader.issues);
    if (alias === domain || aliases.indexOf(alias) !== i) {
      reader.issues.error(
        path,
        alias === domain ? 'is the domain itself' : 'is given twice',
        alias,
        'each host name once',
        'remove it',
      );
    }
  }
}
