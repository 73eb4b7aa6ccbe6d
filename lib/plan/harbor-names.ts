import { derive } from './deferred.js';
import type { CertificatePlan, Endpoint, HarborPlan, InternalTlsComponent, Pods } from './harbor.js';
import type { TextRule } from './reader.js';
import type { Tls } from './tls.js';

/** Instance names: the longest pod name, `<instance>-jobservice-<10>-<5>`, is a host name of at most 63 characters. */
export const HARBOR_INSTANCE: TextRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  allowed: 'lower-case letters, digits and "-", beginning with a letter, at most 35 characters',
  maxLength: 35,
  known: true,
};

/** The components whose certificates name them to each other. */
const INTERNAL_TLS_COMPONENTS: readonly InternalTlsComponent[] = ['core', 'portal', 'jobservice', 'registry', 'trivy'];

type Instance = Pick<HarborPlan, 'instance' | 'namespace'>;

/** The pods of a component: where they are and the labels that select them, which are the official chart's. */
export function harborPods({ instance, namespace }: Instance, component: string): Pods {
  return { kind: 'pods', namespace, component, labels: { release: instance, app: 'harbor', component } };
}

/** Port of the pods by which cert-manager answers an ACME issuer (its `acmesolver`). */
export const SOLVER_PORT = 8089;

/**
 * The pods by which cert-manager proves to an ACME issuer that the front's domain is ours (HTTP-01): it makes them beside the
 * Certificate for as long as that takes. Nothing with certificates from elsewhere.
 */
export const solverPods = ({ tls, namespace }: Pick<HarborPlan, 'tls' | 'namespace'>): Pods | undefined =>
  tls.type === 'certManager'
    ? {
        kind: 'pods',
        namespace,
        component: 'acme-http01-solver',
        labels: { 'acme.cert-manager.io/http01-solver': 'true' },
      }
    : undefined;

/** The full name of a Service, valid from every namespace. */
export const serviceHost = (service: string, namespace: string): string => `${service}.${namespace}.svc.cluster.local`;

/** Every name of a Service inside the cluster, from the short one to the full one. */
const serviceNames = (service: string, namespace: string): readonly string[] => [
  service,
  `${service}.${namespace}`,
  `${service}.${namespace}.svc`,
  serviceHost(service, namespace),
];

/** Ports of a component: of its Service and of its pods, plain and with TLS. Core's are fixed in Harbor's code. */
const PORTS = {
  core: { http: [80, 8080], https: [443, 8443] },
  portal: { http: [80, 8080], https: [443, 8443] },
  jobservice: { http: [80, 8080], https: [443, 8443] },
  registry: { http: [5000, 5000], https: [5443, 5443] },
  registryctl: { http: [8080, 8080], https: [8443, 8443] },
  trivy: { http: [8080, 8080], https: [8443, 8443] },
} as const;

/** Where every component that has them shows its metrics, and the exporter serves: always plain HTTP. */
export const METRICS_PORT = 8001;

/** The addresses of the components that others call. */
export function harborEndpoints(
  plan: Instance,
  tls: { readonly internal: boolean; readonly front: boolean },
  runs: { readonly trivy: boolean; readonly nginx: boolean },
): Pick<
  HarborPlan,
  'core' | 'portal' | 'jobserviceEndpoint' | 'registry' | 'registryctlEndpoint' | 'trivyEndpoint' | 'front'
> {
  const scheme = tls.internal ? 'https' : 'http';
  const endpoint = (name: keyof typeof PORTS): Endpoint => {
    const component = name === 'registryctl' ? 'registry' : name;
    const [port, podPort] = PORTS[name][scheme];
    const host = serviceHost(`${plan.instance}-${component}`, plan.namespace);
    return { scheme, host, port, podPort, pods: harborPods(plan, component) };
  };
  return {
    core: endpoint('core'),
    portal: endpoint('portal'),
    jobserviceEndpoint: endpoint('jobservice'),
    registry: endpoint('registry'),
    registryctlEndpoint: endpoint('registryctl'),
    trivyEndpoint: runs.trivy ? endpoint('trivy') : undefined,
    front: runs.nginx
      ? {
          scheme: tls.front ? 'https' : 'http',
          host: serviceHost(plan.instance, plan.namespace),
          port: tls.front ? 443 : 80,
          podPort: tls.front ? 8443 : 8080,
          pods: harborPods(plan, 'nginx'),
        }
      : undefined,
  };
}

/** A URL without a port where the scheme implies it. */
export function endpointUrl(endpoint: Endpoint): string {
  const implied = endpoint.port === (endpoint.scheme === 'https' ? 443 : 80);
  return `${endpoint.scheme}://${endpoint.host}${implied ? '' : `:${endpoint.port}`}`;
}

/** The certificates that its servers show, each with the Secret that holds it. */
export function harborCertificates(
  plan: Instance & Pick<HarborPlan, 'domain' | 'aliases' | 'tls' | 'internalTls' | 'front'>,
  components: readonly string[],
): HarborPlan['certificates'] {
  const { instance, namespace, tls, internalTls } = plan;
  const certificates: Partial<Record<'front' | InternalTlsComponent, CertificatePlan>> = {};
  if (tls.type !== 'none') {
    certificates.front = {
      secret: tls.type === 'existingSecret' ? tls.name : `${instance}-tls`,
      // A common name holds 64 characters (RFC 5280); clients look at the other names anyway.
      commonName: derive(plan.domain, (domain) => (domain.length > 64 ? instance : domain)),
      // A public CA signs no name that only this cluster knows.
      names: [
        plan.domain,
        ...plan.aliases,
        ...(plan.front !== undefined && isPrivate(tls) ? serviceNames(instance, namespace) : []),
      ],
    };
  }
  if (internalTls.type === 'none') return certificates;
  const prefix = internalTls.type === 'existingSecret' ? internalTls.name : instance;
  for (const component of INTERNAL_TLS_COMPONENTS.filter((name) => components.includes(name))) {
    const service = `${instance}-${component}`;
    certificates[component] = {
      secret: `${prefix}-${component}-internal-tls`,
      commonName: service,
      // Core replicates and proxies through itself at 127.0.0.1.
      names: [...serviceNames(service, namespace), ...(component === 'core' ? ['localhost', '127.0.0.1'] : [])],
    };
  }
  return certificates;
}

const isPrivate = (tls: Tls): boolean =>
  (tls.type === 'provided' && tls.certificate === undefined) || (tls.type === 'certManager' && tls.ca !== undefined);
