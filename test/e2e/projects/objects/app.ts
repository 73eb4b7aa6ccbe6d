import { ApiObject, type Chart } from 'cdk8s';

export interface AppProps {
  readonly namespace: string;
  readonly image: string;
  /** @default 1 */
  readonly replicas?: number;
  /** Of the construct of its Service. @default service */
  readonly serviceId?: string;
  /** @default blue */
  readonly color?: string;
}

/** A few objects in a namespace that exists: a setting, a value, and pods that read them. */
export function app(chart: Chart, { namespace, image, replicas = 1, serviceId = 'service', color = 'blue' }: AppProps) {
  const metadata = (name: string) => ({ name, namespace, labels: { app: 'app' } });
  const settings = new ApiObject(chart, 'settings', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata('settings'),
    data: { level: 'info', color },
  });
  const secret = new ApiObject(chart, 'secret', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata('values'),
    type: 'Opaque',
    data: { password: 'c2VzYW1l' },
  });
  const service = new ApiObject(chart, serviceId, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata('app'),
    spec: { selector: { app: 'app' }, ports: [{ name: 'valkey', port: 6379, targetPort: 6379, protocol: 'TCP' }] },
  });
  const workload = new ApiObject(chart, 'workload', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata('app'),
    spec: {
      replicas,
      selector: { matchLabels: { app: 'app' } },
      template: {
        metadata: { labels: { app: 'app' } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'valkey',
              image,
              command: ['valkey-server', '--save', '', '--dir', '/tmp'],
              envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'values' } }],
              ports: [{ containerPort: 6379 }],
            },
          ],
        },
      },
    },
  });
  return { settings, secret, service, workload };
}
