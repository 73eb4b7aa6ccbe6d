import { httpProbe, tcpProbe } from '../../lib/k8s/container';
import { Workload, type WorkloadContext, type WorkloadProps } from '../../lib/k8s/workload';
import { defer } from '../../lib/plan/deferred';
import { find, law, synth } from '../../lib/testing';

const CONTEXT: WorkloadContext = { namespace: 'apps', instance: 'demo', application: 'harbor', version: '2.15.2' };
const PROPS: WorkloadProps = {
  context: CONTEXT,
  component: 'core',
  kind: 'Deployment',
  selector: { app: 'demo', component: 'core' },
  plan: { replicas: 1, resources: { cpu: '100m', cpuLimit: '1', memory: '256Mi', ephemeralStorage: '1Gi' } },
  user: { uid: 10000 },
  containers: [{ name: 'core', image: 'registry.example.com/core:v1' }],
};

type Spec = {
  replicas?: number;
  strategy?: unknown;
  updateStrategy?: unknown;
  serviceName?: string;
  template: {
    metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
    spec: Record<string, unknown> & { containers: Record<string, unknown>[] };
  };
};
const workload = (props: Partial<WorkloadProps>) => synth((chart) => new Workload(chart, 'w', { ...PROPS, ...props }));
const spec = (props: Partial<WorkloadProps>, kind: string = props.kind ?? 'Deployment') =>
  find(workload(props), kind, 'demo-core').spec as Spec;

describe('Workload', () => {
  it('runs restricted: non-root, no privileges, read-only root, no token, no service links', () => {
    const { template } = spec({});
    expect(template.spec).toMatchObject({
      serviceAccountName: 'demo-core',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10000,
        fsGroup: 10000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    expect(template.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
      resources: {
        requests: { cpu: '100m', memory: '256Mi', 'ephemeral-storage': '1Gi' },
        limits: { cpu: '1', memory: '256Mi', 'ephemeral-storage': '1Gi' },
      },
    });
    expect(find(workload({}), 'ServiceAccount', 'demo-core').automountServiceAccountToken).toBe(false);
  });

  it('keeps the version off its pods, so that a new one rolls nothing', () => {
    const objects = workload({});
    expect(find(objects, 'Deployment', 'demo-core').metadata.labels).toHaveProperty(
      ['app.kubernetes.io/version'],
      '2.15.2',
    );
    expect(spec({}).template.metadata.labels).not.toHaveProperty(['app.kubernetes.io/version']);
  });

  it('gets a disruption budget and is spread only with several replicas', () => {
    const several = { plan: { ...PROPS.plan, replicas: 3 } };
    const kinds = (props: Partial<WorkloadProps>) => workload(props).map((object) => object.kind);
    expect(kinds({})).not.toContain('PodDisruptionBudget');
    expect(kinds(several)).toContain('PodDisruptionBudget');
    expect(spec({}).template.spec.topologySpreadConstraints).toBeUndefined();
    expect(spec(several).template.spec.topologySpreadConstraints).toHaveLength(2);
    // Pods of the last revision do not count, or a rollout could leave all new ones on one node.
    for (const constraint of spec(several).template.spec.topologySpreadConstraints as object[]) {
      expect(constraint).toMatchObject({ matchLabelKeys: ['pod-template-hash'] });
    }
    expect(find(workload(several), 'PodDisruptionBudget', 'demo-core').spec).toMatchObject({ maxUnavailable: 1 });
  });

  it('rolls when its configuration changes, and not otherwise', () => {
    const annotations = (text: string) => spec({ configuration: [text, () => 'late'] }).template.metadata.annotations;
    expect(annotations('a')).toEqual(annotations('a'));
    expect(annotations('a')).not.toEqual(annotations('b'));
    expect(spec({ configuration: ['a', 'late'] }).template.metadata.annotations).toEqual(annotations('a'));
    expect(spec({}).template.metadata.annotations).toBeUndefined();
  });

  it('rolls for a new revision of a Secret it reads, by environment or volume, and of no other', () => {
    const secretRevisions = { 'in-env': '2', 'in-volume': '3', projected: '4', other: '5' };
    const { template } = spec({
      context: { ...CONTEXT, secretRevisions },
      containers: [
        {
          name: 'core',
          image: 'i:1',
          env: {
            PASSWORD: { secret: 'in-env', key: 'p' },
            POD: { field: 'status.podIP' },
            PLAIN: 'x',
            NONE: undefined,
          },
        },
      ],
      volumes: {
        a: { secret: { secretName: 'in-volume' } },
        b: { projected: { sources: [{ secret: { name: 'projected' } }, { configMap: { name: 'c' } }] } },
        c: { emptyDir: {} },
      },
    });
    expect(template.metadata.annotations).toEqual({
      'harbor-fleet/secret-in-env': '2',
      'harbor-fleet/secret-in-volume': '3',
      'harbor-fleet/secret-projected': '4',
    });
    expect(template.spec.containers[0]?.env).toEqual([
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'in-env', key: 'p' } } },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'PLAIN', value: 'x' },
    ]);
  });

  it('replaces pods of a Deployment one at a time before the old ones end, or after with a volume that only one may hold', () => {
    expect(spec({}).strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    expect(spec({ strategy: 'Recreate' }).strategy).toEqual({ type: 'Recreate' });
  });

  it('starts all pods of a StatefulSet at once: none waits for another', () => {
    const stateful = spec({ kind: 'StatefulSet', volumeClaims: [{ metadata: { name: 'data' } }] });
    expect(stateful).toMatchObject({
      serviceName: 'demo-core',
      podManagementPolicy: 'Parallel',
      volumeClaimTemplates: [{ metadata: { name: 'data' } }],
    });
    expect(spec({ kind: 'StatefulSet', serviceName: 'other' }).serviceName).toBe('other');
  });

  it('rolls a DaemonSet over a tenth of the nodes at a time, or with the new pod first', () => {
    expect(spec({ kind: 'DaemonSet' }).updateStrategy).toMatchObject({ rollingUpdate: { maxUnavailable: '10%' } });
    expect(spec({ kind: 'DaemonSet', surge: true }).updateStrategy).toMatchObject({
      rollingUpdate: { maxSurge: '10%', maxUnavailable: 0 },
    });
    expect(spec({ kind: 'DaemonSet' }).replicas).toBeUndefined();
  });

  it('mounts read-only unless told otherwise, and names ports', () => {
    const { template } = spec({
      containers: [
        {
          name: 'core',
          image: 'i:1',
          command: ['/bin/core'],
          args: ['-c'],
          ports: { http: 8080, peer: { containerPort: 16000, hostPort: 16000, hostIP: '127.0.0.1' } },
          mounts: [
            { volume: 'a', path: '/a' },
            { volume: 'b', path: '/b', subPath: 's', writable: true },
          ],
          startup: httpProbe('/health', 8080, 'https', { failureThreshold: 30 }),
          liveness: tcpProbe(8080),
        },
      ],
    });
    expect(template.spec.containers[0]).toMatchObject({
      command: ['/bin/core'],
      args: ['-c'],
      ports: [
        { name: 'http', containerPort: 8080, protocol: 'TCP' },
        { name: 'peer', containerPort: 16000, hostPort: 16000, hostIP: '127.0.0.1', protocol: 'TCP' },
      ],
      volumeMounts: [
        { name: 'a', mountPath: '/a', readOnly: true },
        { name: 'b', mountPath: '/b', subPath: 's' },
      ],
      startupProbe: { httpGet: { path: '/health', port: 8080, scheme: 'HTTPS' }, failureThreshold: 30 },
      livenessProbe: { tcpSocket: { port: 8080 } },
    });
  });

  it('runs as root only when asked to, still without privileges', () => {
    const { template } = spec({ user: { uid: 0 } });
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: false, runAsUser: 0 });
    expect(template.spec.containers[0]).toMatchObject({
      securityContext: { capabilities: { drop: ['ALL'] }, privileged: false },
    });
  });

  it('keeps the law of late values', () => {
    const props = { image: 'registry.example.com/core:v1', config: 'host: a' };
    const { lifted, plain } = law(props, ['image', 'config'], (chart, { image, config }) => {
      new Workload(chart, 'w', { ...PROPS, configuration: [config], containers: [{ name: 'core', image }] });
    });
    expect(lifted).toEqual(plain);
  });

  it('breaks the law visibly when no late value arrives', () => {
    expect(() => law({ a: 'x' }, ['a'], () => undefined)).toThrow('no deferred value reached the manifests');
    expect(() => law({ a: 'x' }, ['b.c'], () => undefined)).toThrow('no text at b.c');
    expect(defer('x')).toMatch(/^late-value-tok-/);
  });
});

describe('find', () => {
  it('names what there is when it finds nothing', () => {
    expect(() => find(workload({}), 'Deployment', 'gone')).toThrow('no Deployment "gone"; there is: demo-core');
    expect(() => find([], 'Job', 'gone')).toThrow('there are: none');
  });
});
