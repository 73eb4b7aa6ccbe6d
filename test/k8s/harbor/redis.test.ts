import { EmbeddedCache } from '../../../lib/k8s/harbor/redis';
import { Cache } from '../../../lib/plan/cache';
import type { HarborProps } from '../../../lib/plan/harbor';
import { find, law, synth } from '../../../lib/testing';
import { contextOf, planOf } from './plan-of';

const objects = (props: Partial<HarborProps> = {}) => {
  const plan = planOf(props);
  return synth((chart) => new EmbeddedCache(chart, 'cache', plan, contextOf(plan)));
};
type Spec = {
  volumeClaimTemplates: object[];
  template: { spec: Record<string, unknown> & { containers: (Record<string, unknown> & { command: string[] })[] } };
};
const spec = (props: Partial<HarborProps> = {}) => find(objects(props), 'StatefulSet', 'harbor-redis').spec as Spec;

describe('EmbeddedCache', () => {
  it('is one pod with the names, labels and volume of the official chart', () => {
    expect(spec()).toMatchObject({
      replicas: 1,
      serviceName: 'harbor-redis',
      selector: { matchLabels: { release: 'harbor', app: 'harbor', component: 'redis' } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } }],
    });
    expect(find(objects(), 'Service', 'harbor-redis').spec).toMatchObject({ ports: [{ port: 6379 }] });
  });

  it('asks for the password that its clients send', () => {
    const plan = planOf();
    const [container] = spec().template.spec.containers;
    expect(container?.command).toEqual(['valkey-server', '/etc/redis.conf', '--requirepass', '$(REDIS_PASSWORD)']);
    expect(plan.cache.password).toMatchObject({ secret: 'harbor-redis', key: 'REDIS_PASSWORD' });
    const from = { secretKeyRef: { name: 'harbor-redis', key: 'REDIS_PASSWORD' } };
    expect(container?.env).toEqual([
      { name: 'REDIS_PASSWORD', valueFrom: from },
      { name: 'REDISCLI_AUTH', valueFrom: from },
    ]);
  });

  it('is Redis with Harbor 2.14', () => {
    const [container] = spec({ version: '2.14.4' }).template.spec.containers;
    expect(container?.image).toBe('docker.io/goharbor/redis-photon:v2.14.4');
    expect(container?.command[0]).toBe('redis-server');
  });

  it('is ready when its data is loaded, and lives as long as it listens', () => {
    expect(spec().template.spec.containers[0]).toMatchObject({
      readinessProbe: { exec: { command: ['docker-healthcheck'] } },
      livenessProbe: { tcpSocket: { port: 6379 } },
    });
  });

  it('writes to its volume only', () => {
    expect(spec().template.spec.securityContext).toMatchObject({ runAsUser: 999, fsGroup: 999 });
    expect(spec().template.spec.containers[0]).toMatchObject({
      securityContext: { readOnlyRootFilesystem: true },
      volumeMounts: [{ name: 'data', mountPath: '/var/lib/redis' }],
    });
  });

  it('is not for an external cache', () => {
    expect(() => objects({ cache: Cache.external({ host: 'redis' }) })).toThrow('the plan has no embedded cache');
  });

  it('keeps the law of late values', () => {
    const late = ['images.redis', 'cache.password.secret', 'cache.storageClass'];
    const plan = planOf({ cache: Cache.embedded({ storageClass: 'fast' }) });
    const { lifted, plain } = law(plan, late, (chart, marked) => {
      new EmbeddedCache(chart, 'cache', marked, contextOf(marked));
    });
    expect(lifted).toEqual(plain);
  });
});
