import { Construct } from 'constructs';
import type { Toleration, Volume } from 'kubernetes-types/core/v1';
import { mirrorPods, type NodeMirrorPlan, type NodeMirrorProps, planNodeMirror } from '../../plan/node-mirror.js';
import { manifest } from '../manifest.js';
import { NetworkPolicies } from '../network-policies.js';
import { TlsMaterial } from '../tls/tls-material.js';
import { objectLabels, Workload, type WorkloadContext } from '../workload.js';
import { hostsToml } from './hosts-toml.js';
import { MIRROR_SCRIPT } from './script.js';

const COMPONENT = 'node-mirror';
/** Seconds between two looks at the node: a file that someone changed is as planned again after this. */
const INTERVAL = 15;

/**
 * containerd's host configuration for one registry name on every node: the node's own Kraken agent first, then Harbor. A
 * DaemonSet writes it, repairs it, and takes it away when it is removed.
 */
export class NodeMirror extends Construct {
  readonly plan: NodeMirrorPlan;

  constructor(scope: Construct, id: string, props: NodeMirrorProps | { readonly plan: NodeMirrorPlan }) {
    super(scope, id);
    this.plan = 'plan' in props ? props.plan : planNodeMirror(props);
    const { plan } = this;
    const context: WorkloadContext = {
      namespace: plan.namespace,
      instance: plan.instance,
      application: 'node-mirror',
      version: '1',
      imagePullSecrets: plan.imagePullSecrets,
    };
    const name = `${plan.instance}-${COMPONENT}`;
    const toml = hostsToml(plan);
    manifest(this, 'configuration', 'ConfigMap', {
      metadata: { name, namespace: plan.namespace, labels: objectLabels(context, COMPONENT) },
      data: { 'mirror.sh': MIRROR_SCRIPT, 'hosts.toml': toml },
    });
    for (const { configMap, ca } of plan.trusts) {
      new TlsMaterial(this, 'tls', {
        context,
        tls: { type: 'none' },
        certificates: {},
        ca: { configMap, source: ca },
      });
    }
    const pods = mirrorPods(plan);
    new Workload(this, COMPONENT, {
      context,
      component: COMPONENT,
      kind: 'DaemonSet',
      selector: pods.labels,
      plan: {
        replicas: 1,
        resources: { cpu: '5m', cpuLimit: '200m', memory: '32Mi', ephemeralStorage: '32Mi' },
      },
      // containerd's folder belongs to root; without capabilities root may write no more than what is its own.
      user: { uid: 0 },
      surge: true,
      configuration: [MIRROR_SCRIPT, toml],
      containers: [
        {
          name: COMPONENT,
          image: plan.image,
          command: ['/bin/sh', '/planned/mirror.sh', 'run'],
          env: environment(plan),
          readiness: { ...exec('ready'), periodSeconds: 10 },
          // Longer than a look, so that the loop must have gone round in between.
          liveness: { ...exec('alive'), initialDelaySeconds: 60, periodSeconds: 60 },
          mounts: [
            { volume: 'planned', path: '/planned' },
            ...(plan.ca === undefined ? [] : [{ volume: 'ca', path: '/ca' }]),
            { volume: 'certs', path: '/host/certs.d', writable: true },
            { volume: 'containerd', path: '/host/containerd' },
            { volume: 'state', path: '/state', writable: true },
          ],
        },
      ],
      volumes: volumes(plan, name),
      pod: {
        tolerations: plan.nodes.tolerations.map((one): Toleration => ({ ...one })),
        nodeSelector: { 'kubernetes.io/os': 'linux', ...plan.nodes.nodeSelector },
      },
    });
    // It talks to nobody and nobody talks to it.
    new NetworkPolicies(this, 'network-policies', context, [pods]);
  }
}

const exec = (what: string) => ({ exec: { command: ['/bin/sh', '/planned/mirror.sh', what] }, timeoutSeconds: 5 });

const environment = (plan: NodeMirrorPlan) => ({
  DOMAIN: plan.domain,
  INSTANCE: plan.instance,
  POD_UID: { field: 'metadata.uid' },
  CONFIG_PATH: plan.configPath,
  SINGLE_CONFIG_PATH: String(plan.singleConfigPath),
  INTERVAL: String(INTERVAL),
  CERTS: '/host/certs.d',
  CONTAINERD: '/host/containerd',
  PLANNED: '/planned',
  CA: plan.ca === undefined ? '/planned' : '/ca',
  STATE: '/state',
});

function volumes(plan: NodeMirrorPlan, name: string): Record<string, Omit<Volume, 'name'>> {
  return {
    planned: { configMap: { name } },
    ...Object.fromEntries(plan.trusts.map(({ configMap }) => ['ca', { configMap: { name: configMap } }])),
    certs: { hostPath: { path: plan.configPath, type: 'DirectoryOrCreate' } },
    containerd: { hostPath: { path: plan.containerdConfig, type: 'DirectoryOrCreate' } },
    state: { emptyDir: { sizeLimit: '1Mi' } },
  };
}
