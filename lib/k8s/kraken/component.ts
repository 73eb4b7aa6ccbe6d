import type { Construct } from 'constructs';
import type { PodSpec, Probe, Volume } from 'kubernetes-types/core/v1';
import type { ComponentPlan } from '../../plan/components.js';
import { COMPONENT_NAMES, type KrakenComponent, type KrakenPlan, namespaceOf, podsOf } from '../../plan/kraken.js';
import { shimComponents } from '../../plan/kraken-certificates.js';
import { type ContainerProps, httpProbe, livenessProbe, type MountProps } from '../container.js';
import { manifest } from '../manifest.js';
import { yaml } from '../text.js';
import { objectLabels, Workload, type WorkloadContext, type WorkloadProps } from '../workload.js';
import { CA_PATH, CACHE_PATH, TLS_PATH } from './common.js';
import { shimUpstream } from './shim.js';

/** Kraken's user in its image; it needs no other, and no capability. */
export const KRAKEN_USER = { uid: 65532 };
const KRAKEN = '/usr/bin/kraken';
const CONFIG = '/etc/kraken/config/config.yaml';
/** The annotation by which external-dns makes a record for each pod behind a headless Service. */
const EXTERNAL_DNS = 'external-dns.alpha.kubernetes.io/hostname';
/** Secrets are readable for the pod's group only. */
const SECRET_MODE = 0o440;

/** One component: what is special about it. */
export interface KrakenComponentProps {
  readonly kind: WorkloadProps['kind'];
  readonly config: object;
  /** Flags besides `--config`. */
  readonly flags: readonly string[];
  /** What the nginx of the pod does besides: the text of a file in conf.d. */
  readonly nginx?: string;
  readonly env?: ContainerProps['env'];
  readonly ports: NonNullable<ContainerProps['ports']>;
  readonly probes: Pick<ContainerProps, 'startup' | 'readiness' | 'liveness'>;
  /** The cache: on the node's disk up to a size, or a claim for each pod. */
  readonly cache: { readonly sizeLimit: string } | { readonly claim: { size: string; storageClass?: string } };
  readonly initContainers?: readonly ContainerProps[];
  readonly volumes?: Readonly<Record<string, Omit<Volume, 'name'>>>;
  readonly mounts?: readonly MountProps[];
  readonly pod?: Partial<PodSpec>;
}

/** What a component's objects share with those of its namespace. */
export const contextOf = (plan: KrakenPlan, component: KrakenComponent): WorkloadContext => ({
  namespace: namespaceOf(plan, component),
  instance: plan.instance,
  application: 'kraken',
  version: plan.version,
  secretRevisions: plan.secretRevisions,
  imagePullSecrets: plan.imagePullSecrets,
});

/** A component's pods and resources. */
export function planOf(plan: KrakenPlan, component: KrakenComponent): ComponentPlan {
  const found = plan.components[component];
  if (found === undefined) throw new Error(`the plan has no ${component}`);
  return found;
}

/** A component: its ConfigMap and its pods. */
export function krakenComponent(
  scope: Construct,
  plan: KrakenPlan,
  component: KrakenComponent,
  props: KrakenComponentProps,
): void {
  const context = contextOf(plan, component);
  const name = COMPONENT_NAMES[component];
  const files = {
    'config.yaml': yaml(props.config),
    ...(props.nginx === undefined ? {} : { 'nginx.conf': props.nginx }),
    ...(hasShim(plan, component) ? { 'upstream.conf': shimUpstream(plan) } : {}),
  };
  manifest(scope, `${name}-configuration`, 'ConfigMap', {
    metadata: {
      name: `${plan.instance}-${name}`,
      namespace: context.namespace,
      labels: objectLabels(context, name),
    },
    data: files,
  });
  const claim = 'claim' in props.cache ? props.cache.claim : undefined;
  new Workload(scope, name, {
    context,
    component: name,
    kind: props.kind,
    selector: podsOf(plan, component).labels,
    plan: planOf(plan, component),
    user: KRAKEN_USER,
    configuration: [...Object.values(files), ...certificates(plan)],
    initContainers: props.initContainers,
    containers: [
      {
        name,
        image: plan.image,
        command: [KRAKEN, name],
        args: [`--config=${CONFIG}`, ...props.flags],
        env: props.env,
        ports: props.ports,
        ...props.probes,
        mounts: [...mounts(plan, component, props.nginx !== undefined), ...(props.mounts ?? [])],
      },
    ],
    volumes: { ...volumes(plan, component, props), ...props.volumes },
    volumeClaims: claim && [
      {
        metadata: { name: 'cache' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: claim.storageClass,
          resources: { requests: { storage: claim.size } },
        },
      },
    ],
    disposableVolumes: claim !== undefined,
    pod: props.pod,
  });
}

const hasShim = (plan: KrakenPlan, component: KrakenComponent): boolean => shimComponents(plan).includes(component);

/** Whether a component verifies certificates of a private CA besides Kraken's own: origins and build-indexes may. */
const hasTrust = (plan: KrakenPlan, component: KrakenComponent): boolean =>
  plan.trusts.length > 0 && (component === 'origin' || component === 'buildIndex');

function mounts(plan: KrakenPlan, component: KrakenComponent, nginx: boolean): MountProps[] {
  const shim = hasShim(plan, component);
  return [
    { volume: 'config', path: '/etc/kraken/config' },
    ...(nginx ? [{ volume: 'nginx', path: '/etc/nginx/conf.d' }] : []),
    ...(shim ? [{ volume: 'shim', path: '/etc/kraken/shim' }] : []),
    ...(shim ? [{ volume: 'registry-account', path: '/etc/kraken/registry-account' }] : []),
    ...(hasTrust(plan, component) ? [{ volume: 'trusted-ca', path: CA_PATH }] : []),
    ...(plan.tlsSecret === undefined ? [] : [{ volume: 'tls', path: TLS_PATH }]),
    // All that Kraken and its nginx write: configuration and pid, bodies on their way, blobs.
    { volume: 'tmp', path: '/tmp', writable: true },
    { volume: 'spool', path: '/var/lib/nginx', writable: true },
    { volume: 'cache', path: CACHE_PATH, writable: true },
  ];
}

function volumes(
  plan: KrakenPlan,
  component: KrakenComponent,
  props: KrakenComponentProps,
): Record<string, Omit<Volume, 'name'>> {
  const configMap = `${plan.instance}-${COMPONENT_NAMES[component]}`;
  const file = (key: string, path = key): Omit<Volume, 'name'> => ({
    configMap: { name: configMap, items: [{ key, path }] },
  });
  const shim = hasShim(plan, component);
  return {
    config: file('config.yaml'),
    ...(props.nginx === undefined ? {} : { nginx: file('nginx.conf', 'harbor-fleet.conf') }),
    ...(shim && plan.registry
      ? {
          shim: file('upstream.conf'),
          'registry-account': {
            secret: {
              secretName: plan.registry.accountSecret,
              items: [{ key: 'auth.conf', path: 'auth.conf' }],
              defaultMode: SECRET_MODE,
            },
          },
        }
      : {}),
    ...(hasTrust(plan, component) ? { 'trusted-ca': trustedCas(plan) } : {}),
    ...(plan.tlsSecret === undefined
      ? {}
      : { tls: { secret: { secretName: plan.tlsSecret, defaultMode: SECRET_MODE } } }),
    tmp: { emptyDir: { sizeLimit: '128Mi' } },
    spool: { emptyDir: {} },
    ...('claim' in props.cache ? {} : { cache: { emptyDir: { sizeLimit: props.cache.sizeLimit } } }),
  };
}

/** All CAs in one folder, a file each. */
const trustedCas = (plan: KrakenPlan): Omit<Volume, 'name'> => ({
  projected: {
    sources: plan.trusts.map(({ configMap, file }) => ({
      configMap: { name: configMap, items: [{ key: 'ca.crt', path: file }] },
    })),
  },
});

/** Certificates that are known as texts: they are read at start only, so pods roll when one changes. */
const certificates = ({ tls, trusts }: KrakenPlan): string[] => [
  ...(tls.type === 'provided' && tls.certificate !== undefined ? [tls.certificate] : []),
  ...trusts.flatMap(({ ca }) => (ca.from === 'text' ? [ca.pem] : [])),
];

/** A Service by which each pod of a component has a name of its own, also before it is ready: Kraken's lists name pods. */
export function headlessService(
  scope: Construct,
  plan: KrakenPlan,
  component: KrakenComponent,
  ports: Readonly<Record<string, number>>,
): void {
  service(scope, plan, component, ports, { clusterIP: 'None', publishNotReadyAddresses: true });
}

/** A component's Service. Kraken knows IPv4 only. */
export function service(
  scope: Construct,
  plan: KrakenPlan,
  component: KrakenComponent,
  ports: Readonly<Record<string, number>>,
  special: { readonly clusterIP?: string; readonly publishNotReadyAddresses?: boolean } = {},
): void {
  const name = COMPONENT_NAMES[component];
  const context = contextOf(plan, component);
  const privateName = component === 'origin' || component === 'buildIndex' ? plan.privateNames?.[component] : undefined;
  manifest(scope, `${name}-service`, 'Service', {
    metadata: {
      name: `${plan.instance}-${name}`,
      namespace: context.namespace,
      labels: objectLabels(context, name),
      ...(privateName === undefined ? {} : { annotations: { [EXTERNAL_DNS]: privateName } }),
    },
    spec: {
      ...special,
      type: 'ClusterIP',
      ipFamilyPolicy: 'SingleStack',
      ipFamilies: ['IPv4'],
      selector: { ...podsOf(plan, component).labels },
      ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number, targetPort: port })),
    },
  });
}

/** Probes of a component behind its nginx; a GET needs no client certificate. */
export function nginxProbes(plan: KrakenPlan, port: number): KrakenComponentProps['probes'] {
  const scheme = plan.tlsSecret === undefined ? 'http' : 'https';
  return {
    startup: httpProbe('/health', port, scheme, STARTUP),
    readiness: httpProbe('/health', port, scheme),
    // Of Kraken itself, through its nginx, which would listen on for one that hangs.
    liveness: livenessProbe('/health', port, scheme),
  };
}

/** Up to a minute to start, asked often, because components start within two seconds. */
export const STARTUP: Partial<Probe> = { periodSeconds: 2, failureThreshold: 30 };
