import { Harbor } from '../../../lib/k8s/harbor/harbor';
import { defer, isDeferred } from '../../../lib/plan/deferred';
import { tcp } from '../../../lib/plan/flows';
import { type HarborProps, planHarbor } from '../../../lib/plan/harbor';
import { PlanError } from '../../../lib/plan/issues';
import { find, law, synth } from '../../../lib/testing';
import { configOf, FULL, objectsOf, SMALL, specOf, templateOf } from './objects';

const build = (chart: Parameters<Parameters<typeof synth>[0]>[0], props: HarborProps): void =>
  void new Harbor(chart, 'harbor', props);
const names = (objects: ReturnType<typeof objectsOf>, kind: string): string[] =>
  objects.filter((object) => object.kind === kind).map((object) => object.metadata.name);
const small = objectsOf();
const full = objectsOf({}, FULL);

describe('Harbor', () => {
  it('matches its snapshots', () => {
    expect(small).toMatchSnapshot('smallest');
    expect(full).toMatchSnapshot('everything on');
  });

  it('has the names of the official chart', () => {
    expect(names(small, 'Deployment').sort()).toEqual(
      ['harbor-core', 'harbor-jobservice', 'harbor-nginx', 'harbor-portal', 'harbor-registry'].sort(),
    );
    expect(names(small, 'StatefulSet').sort()).toEqual(['harbor-database', 'harbor-redis']);
    expect(names(small, 'Service').sort()).toEqual(
      ['harbor', 'core', 'database', 'jobservice', 'portal', 'redis', 'registry']
        .map((name) => (name === 'harbor' ? name : `harbor-${name}`))
        .sort(),
    );
    expect(names(full, 'StatefulSet')).toEqual(['team-trivy']);
    expect(names(full, 'Deployment')).toContain('team-exporter');
    expect(small.every((object) => (object.metadata.namespace ?? 'harbor') === 'harbor')).toBe(true);
  });

  it('selects pods by the labels of the official chart', () => {
    expect(specOf(full, 'Deployment', 'team-core')).toMatchObject({
      selector: { matchLabels: { release: 'team', app: 'harbor', component: 'core' } },
    });
    expect(specOf(full, 'Service', 'team-core')).toMatchObject({
      selector: { release: 'team', app: 'harbor', component: 'core' },
    });
  });

  it('writes no Secret, and names the same text twice the same', () => {
    expect(names(small, 'Secret')).toEqual([]);
    expect(JSON.stringify(objectsOf({}, FULL))).toBe(JSON.stringify(full));
  });

  it('has a budget for every component with several pods', () => {
    expect(names(small, 'PodDisruptionBudget')).toEqual([]);
    expect(names(full, 'PodDisruptionBudget').sort()).toEqual(
      ['core', 'exporter', 'jobservice', 'nginx', 'portal', 'registry', 'trivy'].map((name) => `team-${name}`).sort(),
    );
  });

  it('runs on nodes that its images are for, with the credentials of their registry', () => {
    for (const name of names(full, 'Deployment')) {
      expect(templateOf(full, name).spec).toMatchObject({
        nodeSelector: { 'kubernetes.io/arch': 'amd64' },
        imagePullSecrets: [{ name: 'mirror' }],
      });
    }
    const any = objectsOf({ images: { architecture: 'any' } });
    expect(templateOf(any, 'harbor-core').spec.nodeSelector).toBeUndefined();
  });

  it('gives core and jobservice an identity in the cloud: annotated ServiceAccounts, without Kubernetes’ own token', () => {
    const role = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/replication' };
    const objects = objectsOf({ serviceAccountAnnotations: role });
    const annotated = objects.filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.annotations);
    expect(annotated.map(({ metadata }) => [metadata.name, metadata.annotations])).toEqual([
      ['harbor-core', role],
      ['harbor-jobservice', role],
    ]);
    expect(annotated.map((account) => account.automountServiceAccountToken)).toEqual([false, false]);
    const rolled = names(objects, 'Deployment').filter(
      (name) => JSON.stringify(templateOf(objects, name)) !== JSON.stringify(templateOf(small, name)),
    );
    // What the cluster adds to a pod for its identity, it adds when the pod is made.
    expect(rolled).toEqual(['harbor-core', 'harbor-jobservice']);
    const key = 'iam';
    const { lifted, plain } = law(
      { ...SMALL, serviceAccountAnnotations: { [key]: 'role' } },
      [`serviceAccountAnnotations.${key}`],
      build,
    );
    expect(lifted).toEqual(plain);
  });

  it('takes a plan as well as settings, and refuses mistakes', () => {
    const plan = planHarbor(SMALL);
    const from = (props: ConstructorParameters<typeof Harbor>[2]) =>
      synth((chart) => void new Harbor(chart, 'harbor', props));
    expect(from(plan)).toEqual(small);
    expect(from({ plan })).toEqual(small);
    expect(() => from({ ...SMALL, domain: 'x' })).toThrow(PlanError);
  });

  it('makes only what the exposure and the checks need', () => {
    const bare = objectsOf({ exposure: { type: 'ingress' }, check: { enabled: false } });
    expect(names(bare, 'CronJob')).toEqual([]);
    expect(names(bare, 'Deployment')).not.toContain('harbor-nginx');
    expect(names(bare, 'Ingress')).toEqual(['harbor-ingress']);
    expect(names(small, 'CronJob')).toEqual(['harbor-check']);
  });
});

describe('a certificate of cert-manager', () => {
  it('can be asked for by ACME: the pods that answer are let through', () => {
    const objects = objectsOf({ tls: { type: 'certManager', issuer: 'letsencrypt' } });
    expect(specOf(objects, 'NetworkPolicy', 'harbor-acme-http01-solver')).toMatchObject({
      podSelector: { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } },
      ingress: [{ ports: [{ port: 8089, protocol: 'TCP' }] }],
    });
    expect(names(small, 'NetworkPolicy')).not.toContain('harbor-acme-http01-solver');
  });
});

describe('what is known only at deployment', () => {
  const late = [
    'domain',
    'aliases.0',
    'storage.bucket',
    'storage.region',
    'storage.credentialsSecret',
    'database.host',
    'database.username',
    'database.passwordSecret',
    'database.ca',
    'cache.host',
    'cache.username',
    'cache.passwordSecret',
    'cache.ca',
    'tls.ca',
    'tls.issuer',
    'images.prefix',
    'secrets.core',
    'secrets.admin',
    'secrets.secretKey',
    'proxy.https',
    'proxy.noProxy.0',
  ];
  const props = { ...FULL, secretRevisions: {} };

  it('makes no difference to the objects', () => {
    const { lifted, plain } = law(props, late, build);
    expect(lifted).toEqual(plain);
  });

  it.each(['ingress', 'gateway'] as const)('makes no difference behind an %s', (type) => {
    const exposure = type === 'ingress' ? { type } : { type, parentRefs: [{ name: 'gateway' }] };
    const { lifted, plain } = law({ ...props, exposure }, ['domain', 'aliases.0'], build);
    expect(lifted).toEqual(plain);
  });

  it('may be secrets: manifests name the planned Secrets of them, and hold none', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';
    const tls = { type: 'provided', certificate: key.replaceAll('PRIVATE KEY', 'CERTIFICATE') } as const;
    const objects = objectsOf({
      storage: { type: 's3', bucket: 'images', region: 'r', accessKeyId: 'AKIA', secretAccessKey: defer('x') },
      database: { type: 'external', host: 'db.example.com', password: defer('x') },
      cache: { type: 'external', host: 'redis.example.com', password: defer('x') },
      secretKey: defer('0123456789abcdef'),
      tls: { ...tls, privateKey: defer(key) },
    });
    expect(names(objects, 'Secret')).toEqual([]);
    expect(isDeferred(objects)).toBe(false);
    const text = JSON.stringify(objects);
    for (const name of ['storage', 'database-password', 'redis-password', 'secret-key', 'tls']) {
      expect(text).toContain(`"harbor-${name}"`);
    }
  });
});

describe('what comes until synthesis', () => {
  const withKraken = (times = 1) =>
    synth((chart) => {
      const harbor = new Harbor(chart, 'harbor', SMALL);
      for (let i = 0; i < times; i++) {
        harbor.addNotification({ name: 'kraken', url: 'http://kraken-proxy.kraken:15005/registry/notifications' });
      }
      const kraken = { kind: 'pods', namespace: 'kraken', component: 'origin', labels: { app: 'origin' } } as const;
      harbor.addFlows([tcp(kraken, harbor.plan.core.pods, 8080, 'blobs')]);
    });

  it('is told of pushes, once each', () => {
    const { endpoints } = configOf(withKraken(2), 'harbor-registry').notifications;
    expect(endpoints).toEqual([
      {
        name: 'kraken',
        disabled: false,
        url: 'http://kraken-proxy.kraken:15005/registry/notifications',
        timeout: '3s',
        threshold: 5,
        backoff: '1s',
        ignore: { mediatypes: ['application/octet-stream'], actions: ['pull', 'mount', 'delete'] },
      },
    ]);
    expect(configOf(small, 'harbor-registry')).not.toHaveProperty('notifications');
  });

  it('rolls the registry and nothing else', () => {
    const checksum = (objects: typeof small, name: string) => templateOf(objects, name).metadata.annotations;
    expect(checksum(withKraken(), 'harbor-registry')).not.toEqual(checksum(small, 'harbor-registry'));
    expect(checksum(withKraken(), 'harbor-core')).toEqual(checksum(small, 'harbor-core'));
  });

  it('is let through to core', () => {
    const ingress = (objects: typeof small) =>
      JSON.stringify(specOf<{ ingress: object }>(objects, 'NetworkPolicy', 'harbor-core').ingress);
    expect(ingress(withKraken())).toContain('"kubernetes.io/metadata.name":"kraken"');
    expect(ingress(small)).not.toContain('kraken');
  });
});

describe('a change', () => {
  const annotations = (objects: typeof small) =>
    Object.fromEntries(
      objects
        .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
        .map(({ kind, metadata: { name } }) => [name, templateOf(objects, name, kind).metadata.annotations]),
    );
  const rolled = (change: Partial<HarborProps>, base: HarborProps): string[] => {
    const [before, after] = [annotations(objectsOf({}, base)), annotations(objectsOf(change, base))];
    return Object.keys(after)
      .filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
      .sort();
  };

  it('of a Secret rolls the pods that read it', () => {
    expect(rolled({ secretRevisions: { 'harbor-registry': '2' } }, SMALL)).toEqual(['harbor-registry']);
    expect(rolled({ secretRevisions: { 'harbor-tls': '2' } }, SMALL)).toEqual(['harbor-nginx']);
    expect(rolled({ secretRevisions: { 'harbor-core': '2' } }, SMALL)).toEqual([
      'harbor-core',
      'harbor-jobservice',
      'harbor-registry',
    ]);
  });

  it('of a Secret rolls exactly the readers that the plan names', () => {
    const plan = planHarbor(FULL);
    for (const secret of plan.secrets.filter(({ objectKind }) => objectKind === 'Secret')) {
      const secretRevisions = { ...FULL.secretRevisions, [secret.name]: 'new' };
      const after = objectsOf({ secretRevisions }, FULL);
      const readers = after
        .filter((object) => JSON.stringify(object) !== JSON.stringify(find(full, object.kind, object.metadata.name)))
        .map(({ metadata: { name } }) => `registry/${name.replace('team-', '')}`);
      expect({ [secret.name]: readers.sort() }).toEqual({ [secret.name]: [...secret.readers].sort() });
    }
  });

  it('reaches every pod that reads a Secret', () => {
    const plan = planHarbor(FULL);
    for (const { metadata, spec } of full.filter(({ kind }) =>
      ['Deployment', 'StatefulSet', 'CronJob'].includes(kind),
    )) {
      const read = plan.secrets.filter(({ name }) =>
        new RegExp(`"(secretName|name)":"${name}"`).test(JSON.stringify(spec)),
      );
      for (const secret of read.filter(({ objectKind }) => objectKind === 'Secret')) {
        expect(secret.readers).toContain(`registry/${metadata.name.replace('team-', '')}`);
      }
    }
  });

  it('of the database rolls jobservice too, which core tells of it at its start only', () => {
    const database = { ...FULL.database, host: 'other.example.com' } as HarborProps['database'];
    expect(rolled({ database }, FULL)).toEqual(['team-jobservice']);
    expect(rolled({ connectionsPerPod: 7 }, FULL)).toEqual(['team-jobservice']);
    expect(rolled({ secretRevisions: { ...FULL.secretRevisions, db: 'new' } }, FULL)).toEqual([
      'team-core',
      'team-exporter',
      'team-jobservice',
    ]);
  });

  it('of the number of workers rolls jobservice', () => {
    expect(rolled({ jobservice: { workers: 5 } }, SMALL)).toEqual(['harbor-jobservice']);
  });

  it('of the domain rolls the front; core by its own variables', () => {
    expect(rolled({ domain: 'other.example.com' }, SMALL)).toEqual(['harbor-nginx']);
    expect(find(objectsOf({ domain: 'other.example.com' }), 'Deployment', 'harbor-core')).not.toEqual(
      find(small, 'Deployment', 'harbor-core'),
    );
  });
});
