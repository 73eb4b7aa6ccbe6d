import { EmbeddedDatabase } from '../../../lib/k8s/harbor/database';
import { Database } from '../../../lib/plan/database';
import type { HarborProps } from '../../../lib/plan/harbor';
import { find, law, synth } from '../../../lib/testing';
import { contextOf, planOf } from './plan-of';

const objects = (props: Partial<HarborProps> = {}) => {
  const plan = planOf(props);
  return synth((chart) => new EmbeddedDatabase(chart, 'database', plan, contextOf(plan)));
};
type Container = Record<string, unknown> & { command?: string[]; env?: unknown[] };
type Spec = {
  replicas: number;
  serviceName: string;
  selector: { matchLabels: Record<string, string> };
  volumeClaimTemplates: { metadata: object; spec: object }[];
  template: {
    metadata: { labels: Record<string, string> };
    spec: Record<string, unknown> & { containers: Container[]; initContainers: Container[] };
  };
};
const spec = (props: Partial<HarborProps> = {}, name = 'harbor-database') =>
  find(objects(props), 'StatefulSet', name).spec as Spec;

describe('EmbeddedDatabase', () => {
  it('is one pod with the names, labels and volume of the official chart', () => {
    expect(spec()).toMatchObject({
      replicas: 1,
      serviceName: 'harbor-database',
      selector: { matchLabels: { release: 'harbor', app: 'harbor', component: 'database' } },
      volumeClaimTemplates: [
        {
          metadata: { name: 'database-data', annotations: { 'helm.sh/resource-policy': 'keep' } },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
        },
      ],
    });
    expect(find(objects(), 'Service', 'harbor-database').spec).toMatchObject({
      selector: { release: 'harbor', app: 'harbor', component: 'database' },
      ports: [{ port: 5432 }],
    });
  });

  it('keeps its files in the folder of the official image, by the version’s own image', () => {
    const { template } = spec({ version: '2.14.4' });
    expect(template.spec.containers[0]).toMatchObject({
      image: 'docker.io/goharbor/harbor-db:v2.14.4',
      env: expect.arrayContaining([
        { name: 'PGDATA', value: '/var/lib/postgresql/data/pgdata' },
        { name: 'POSTGRES_MAX_CONNECTIONS', value: '1024' },
        {
          name: 'POSTGRES_PASSWORD',
          valueFrom: { secretKeyRef: { name: 'harbor-database', key: 'POSTGRES_PASSWORD' } },
        },
      ]),
    });
  });

  it('writes nowhere but to its volumes, as PostgreSQL’s user', () => {
    const { template } = spec();
    expect(template.spec).toMatchObject({
      securityContext: { runAsUser: 999, fsGroup: 999, fsGroupChangePolicy: 'OnRootMismatch' },
      terminationGracePeriodSeconds: 120,
      volumes: expect.arrayContaining([{ name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: '512Mi' } }]),
    });
    const mounts = template.spec.containers[0]?.volumeMounts as { mountPath: string; readOnly: boolean }[];
    expect(mounts.filter((mount) => !mount.readOnly).map((mount) => mount.mountPath)).toEqual([
      '/var/lib/postgresql/data',
      '/dev/shm',
      '/run/postgresql',
      '/tmp',
    ]);
    expect(template.spec.containers[0]).toMatchObject({ securityContext: { readOnlyRootFilesystem: true } });
  });

  it('takes back rights that a restored volume gives the group, before PostgreSQL refuses them', () => {
    expect(spec().template.spec.initContainers).toMatchObject([
      { command: ['/bin/sh', '-c', expect.stringContaining('chmod -R u=rwX,go= /var/lib/postgresql/data/pgdata')] },
    ]);
  });

  it('asks different questions of a pod that is ready and of one that lives, and waits for an upgrade', () => {
    const [container] = spec().template.spec.containers;
    expect(container).toMatchObject({
      readinessProbe: { exec: { command: ['/docker-healthcheck.sh'] } },
      livenessProbe: { tcpSocket: { port: 5432 } },
      startupProbe: { exec: { command: ['/docker-healthcheck.sh'] }, periodSeconds: 5, failureThreshold: 360 },
    });
  });

  it('closes its clients’ sessions when it ends, instead of waiting to be killed', () => {
    expect(spec().template.spec.containers[0]?.lifecycle).toEqual({
      preStop: { exec: { command: ['/bin/sh', '-c', 'kill -INT 1'] } },
    });
  });

  it('takes another volume, and another name', () => {
    const props = {
      instance: 'team',
      database: Database.embedded({ storageClass: 'fast', size: '50Gi' }),
    } as const;
    expect(spec(props, 'team-database').volumeClaimTemplates[0]?.spec).toMatchObject({
      storageClassName: 'fast',
      resources: { requests: { storage: '50Gi' } },
    });
  });

  it('is not for an external database', () => {
    const database = Database.external({ host: 'pg', passwordSecret: 'pg' });
    expect(() => objects({ database })).toThrow('the plan has no embedded database');
  });

  it('keeps the law of late values', () => {
    const late = ['images.database', 'database.password.secret', 'database.storageClass'];
    const plan = planOf({ database: Database.embedded({ storageClass: 'fast' }) });
    const { lifted, plain } = law(plan, late, (chart, marked) => {
      new EmbeddedDatabase(chart, 'database', marked, contextOf(marked));
    });
    expect(lifted).toEqual(plain);
  });
});
