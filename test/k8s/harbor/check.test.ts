import { Check } from '../../../lib/k8s/harbor/check';
import type { HarborProps } from '../../../lib/plan/harbor';
import { SharedStorage } from '../../../lib/plan/storage';
import { Tls } from '../../../lib/plan/tls';
import { find, law, synth } from '../../../lib/testing';
import { contextOf, PEM, planOf } from './plan-of';

const objects = (props: Partial<HarborProps> = {}) => {
  const plan = planOf(props);
  return synth((chart) => new Check(chart, 'check', plan, contextOf(plan)));
};
type Container = Record<string, unknown> & {
  name: string;
  args: string[];
  env: { name: string; value?: string; valueFrom?: object }[];
  volumeMounts: { name: string; readOnly: boolean }[];
};
type Spec = Record<string, unknown> & {
  jobTemplate: {
    spec: Record<string, unknown> & {
      template: {
        metadata: { labels: object; annotations: object };
        spec: Record<string, unknown> & { initContainers: Container[]; containers: Container[] };
      };
    };
  };
};
const spec = (props: Partial<HarborProps> = {}) => find(objects(props), 'CronJob', 'harbor-check').spec as Spec;
const pod = (props: Partial<HarborProps> = {}) => spec(props).jobTemplate.spec.template.spec;
const steps = (props: Partial<HarborProps> = {}) => {
  const { initContainers, containers } = pod(props);
  return [...initContainers, ...containers];
};
const IMAGE = 'registry.example.com/library/harbor-fleet-check:1';

describe('Check', () => {
  it('logs in, pushes two images in turn so that both are really pushed, and verifies the last', () => {
    expect(steps().map(({ name, command, args }) => [name, command, args])).toEqual([
      [
        'login',
        ['/ko-app/crane'],
        ['auth', 'login', 'registry.example.com', '-u', 'admin', '-p', '$(HARBOR_ADMIN_PASSWORD)'],
      ],
      ['push-first', ['/ko-app/crane'], ['append', '--oci-empty-base', '-f', '/layers/first.tar', '-t', IMAGE]],
      ['push-second', ['/ko-app/crane'], ['append', '--oci-empty-base', '-f', '/layers/second.tar', '-t', IMAGE]],
      ['pull', ['/ko-app/crane'], ['validate', '--remote', IMAGE]],
    ]);
    const { binaryData } = find(objects(), 'ConfigMap', 'harbor-check') as unknown as { binaryData: object };
    expect(Object.keys(binaryData)).toEqual(['first.tar', 'second.tar']);
  });

  it('only pulls when it shall not push', () => {
    const props = { check: { push: false, reference: 'library/busybox:1.36' } };
    expect(steps(props).map(({ name }) => name)).toEqual(['login', 'pull']);
    expect(steps(props)[1]?.args).toEqual(['validate', '--remote', 'registry.example.com/library/busybox:1.36']);
    expect(objects(props).map((object) => object.kind)).toEqual(['ServiceAccount', 'CronJob']);
  });

  it('fails loudly: no second try, an end to every run, one at a time', () => {
    expect(spec()).toMatchObject({
      schedule: '*/5 * * * *',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 60,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: { spec: { backoffLimit: 0, activeDeadlineSeconds: 120 } },
    });
    expect(pod().restartPolicy).toBe('Never');
  });

  it('runs restricted, and keeps the password in memory where only the login writes', () => {
    expect(pod()).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532 },
      volumes: expect.arrayContaining([{ name: 'login', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }]),
    });
    for (const { name, securityContext, volumeMounts, env } of steps()) {
      expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      expect(volumeMounts.filter((mount) => !mount.readOnly)).toHaveLength(name === 'login' ? 1 : 0);
      expect(env).toContainEqual({ name: 'DOCKER_CONFIG', value: '/run/crane' });
      expect(env.some((one) => one.name === 'HARBOR_ADMIN_PASSWORD')).toBe(name === 'login');
    }
  });

  it('has the labels by which policies let it through', () => {
    expect(spec().jobTemplate.spec.template.metadata.labels).toMatchObject({
      release: 'harbor',
      app: 'harbor',
      component: 'check',
    });
  });

  it('trusts the private CA of the outside name beside the public ones', () => {
    const trusts = (props: Partial<HarborProps>) =>
      steps(props).map(({ env }) => env.find(({ name }) => name === 'SSL_CERT_DIR')?.value);
    expect(new Set(trusts({}))).toEqual(new Set(['/etc/ssl/certs:/harbor_cust_cert']));
    expect(pod().volumes).toContainEqual({
      name: 'trusted-ca',
      projected: { sources: [{ configMap: { name: 'harbor-ca', items: [{ key: 'ca.crt', path: 'outside.crt' }] } }] },
    });
    expect(new Set(trusts({ tls: Tls.existingSecret({ name: 'public' }) }))).toEqual(new Set([undefined]));
  });

  it('trusts the CA of the object store that the registry redirects it to', () => {
    const storage = SharedStorage.s3({
      bucket: 'abc',
      region: 'x',
      endpoint: 'https://s3.example.com',
      ca: PEM,
      redirect: true,
    });
    expect(JSON.stringify(pod({ storage }).volumes)).toContain('harbor-trusted-ca');
  });

  it('speaks plain HTTP only where Harbor does', () => {
    const insecure = (tls: Tls) => steps({ tls }).map(({ args }) => args.includes('--insecure'));
    expect(insecure(Tls.none())).toEqual([false, true, true, true]);
    expect(insecure(Tls.none({ externalScheme: 'https' }))).toEqual([false, false, false, false]);
    expect(insecure(Tls.provided())).toEqual([false, false, false, false]);
  });

  it('tells static checkers what is meant, on the CronJob', () => {
    expect(find(objects(), 'CronJob', 'harbor-check').metadata.annotations).toMatchObject({
      'polaris.fairwinds.com/missingNetworkPolicy-exempt': 'true',
    });
  });

  it('keeps the law of late values', () => {
    const plan = planOf();
    const late = ['url', 'check.image', 'check.reference', 'adminPassword.secret'];
    const { lifted, plain } = law(plan, late, (chart, marked) => {
      new Check(chart, 'check', marked, contextOf(marked));
    });
    expect(lifted).toEqual(plain);
  });
});
