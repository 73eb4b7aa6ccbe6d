import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';
import { Kraken } from '../../../lib/k8s/kraken/kraken.js';
import { Backend } from '../../../lib/plan/backend.js';
import { defer } from '../../../lib/plan/deferred.js';
import { planHarbor } from '../../../lib/plan/harbor.js';
import { planKraken } from '../../../lib/plan/kraken-plan.js';
import { SharedStorage } from '../../../lib/plan/storage.js';
import { Tls } from '../../../lib/plan/tls.js';
import { known } from '../../../lib/testing.js';
import { find, IMAGE, type Manifest, PEM, podOf, registry, secureRegistry, synth } from './fixtures.js';

const KEY = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';

const names = (objects: readonly Manifest[], kind: string): string[] =>
  objects.filter((object) => object.kind === kind).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

describe('the smallest Kraken', () => {
  const objects = synth();

  it('has its workloads, agents in a namespace of their own', () => {
    expect(names(objects, 'StatefulSet')).toEqual([
      'kraken/kraken-origin',
      'kraken/kraken-tracker',
      'kraken/kraken-build-index',
    ]);
    expect(names(objects, 'Deployment')).toEqual(['kraken/kraken-proxy']);
    expect(names(objects, 'DaemonSet')).toEqual(['kraken-nodes/kraken-agent']);
    expect(names(objects, 'NetworkPolicy')).toHaveLength(5);
    expect(names(objects, 'Secret')).toEqual([]);
  });

  it('gives each origin and build-index a name before it is ready, and a volume that goes with it', () => {
    const { spec } = find(objects, 'Service', 'kraken-origin');
    expect(spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true, ipFamilies: ['IPv4'] });
    const set = find(objects, 'StatefulSet', 'kraken-origin').spec;
    expect(set.podManagementPolicy).toBe('Parallel');
    expect(set.volumeClaimTemplates[0].spec.resources.requests.storage).toBe('20Gi');
    expect(set.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: 'Delete', whenScaled: 'Delete' });
  });

  it('binds the agent to the loopback address of its node, and no other port', () => {
    const [agent] = podOf(objects, 'DaemonSet', 'kraken-agent').containers;
    expect(agent.ports).toEqual([
      { name: 'registry', containerPort: 16000, hostPort: 16000, hostIP: '127.0.0.1', protocol: 'TCP' },
      { name: 'peer', containerPort: 16001, protocol: 'TCP' },
      { name: 'server', containerPort: 16002, protocol: 'TCP' },
    ]);
    expect(agent.args).toContain('--peer-ip=$(POD_IP)');
  });

  it('lets no pod reach an agent but its peers: nodes need no rule', () => {
    const { spec } = find(objects, 'NetworkPolicy', 'kraken-agent');
    expect(spec.ingress).toHaveLength(1);
    expect(spec.ingress[0].ports).toEqual([{ port: 16001, protocol: 'TCP' }]);
    expect(spec.ingress[0].from).toHaveLength(1);
  });

  it('lets Harbor reach the notification port only', () => {
    const { spec } = find(objects, 'NetworkPolicy', 'kraken-proxy');
    expect(spec.ingress).toHaveLength(3);
    for (const rule of spec.ingress) {
      expect(rule.ports).toEqual([{ port: 15005, protocol: 'TCP' }]);
      expect(rule.from[0].namespaceSelector.matchLabels).toEqual({ 'kubernetes.io/metadata.name': 'harbor' });
    }
    expect(find(objects, 'Service', 'kraken-proxy').spec.ports.map((port: { port: number }) => port.port)).toEqual([
      15000, 15005,
    ]);
  });

  it('names each origin exactly as it stands in the list', () => {
    const [origin] = podOf(objects, 'StatefulSet', 'kraken-origin').containers;
    expect(origin.args).toContain('--blobserver-hostname=$(POD_NAME).kraken-origin.kraken.svc.cluster.local');
    expect(find(objects, 'ConfigMap', 'kraken-origin').data['config.yaml']).toContain(
      '- kraken-origin-0.kraken-origin.kraken.svc.cluster.local:15002',
    );
  });

  it.each([
    ['StatefulSet', 'kraken-origin'],
    ['StatefulSet', 'kraken-tracker'],
    ['StatefulSet', 'kraken-build-index'],
    ['Deployment', 'kraken-proxy'],
    ['DaemonSet', 'kraken-agent'],
  ])(
    '%s %s runs unprivileged, writes three folders, and asks whether it is alive with more patience than whether it is ready',
    (kind, name) => {
      const pod = podOf(objects, kind, name);
      const [container] = pod.containers;
      expect(container.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        runAsUser: 65532,
        runAsNonRoot: true,
      });
      const writable = container.volumeMounts.filter((mount: { readOnly: boolean }) => !mount.readOnly);
      expect(writable.map((mount: { mountPath: string }) => mount.mountPath)).toEqual([
        '/tmp',
        '/var/lib/nginx',
        '/var/cache/kraken',
      ]);
      expect(container.readinessProbe).not.toEqual(container.livenessProbe);
      // Its nginx would listen on for a Kraken that hangs.
      expect(container.livenessProbe.httpGet).toMatchObject({ path: '/health' });
      expect(container.livenessProbe.failureThreshold).toBeGreaterThan(container.readinessProbe.failureThreshold ?? 3);
      expect(container.command[0]).toBe('/usr/bin/kraken');
      expect(JSON.stringify(pod)).not.toMatch(/sleep/);
    },
  );

  it('keeps the agent within the disk that it asked for', () => {
    const pod = podOf(objects, 'DaemonSet', 'kraken-agent');
    const cache = pod.volumes.find((volume: { name: string }) => volume.name === 'cache');
    expect(cache.emptyDir.sizeLimit).toBe('5Gi');
    expect(pod.containers[0].resources.limits['ephemeral-storage']).toBe('6Gi');
    expect(pod.tolerations).toEqual([{ operator: 'Exists' }]);
  });

  it('is the same again', () => expect(synth()).toEqual(objects));
  it('matches its snapshot', () => expect(objects).toMatchSnapshot());
});

describe('the fullest Kraken', () => {
  const objects = synth({
    registry: planHarbor({
      domain: 'registry.example.com',
      storage: SharedStorage.s3({
        bucket: 'images',
        region: 'eu-west-1',
        rootDirectory: '/harbor',
        endpoint: 'https://minio.example.com',
        ca: PEM,
      }),
      internalTls: Tls.certManager({ issuer: 'internal', ca: PEM }),
    }),
    backend: Backend.s3(),
    size: 'large',
    tls: Tls.certManager({ issuer: 'internal', ca: PEM }),
    projects: ['library', 'team.a'],
    ports: { agent: 17000 },
    pieceLength: [
      { from: '0Mi', length: '1Mi' },
      { from: '2Gi', length: '4Mi' },
    ],
    bandwidth: { agent: { egress: '500Mbit/s' } },
    imagePullSecrets: ['pull'],
    volumes: { origin: { size: '1Ti', storageClass: 'fast' } },
    registryAccount: { username: 'robot$kraken', secret: 'robot' },
    agents: { nodeSelector: { pool: 'general' }, tolerations: [{ key: 'gpu', operator: 'Exists' }] },
    nodeCidr: '10.0.0.0/16',
    secretRevisions: { robot: '7', 'kraken-tls': '3' },
  });

  it('asks cert-manager for a certificate in each namespace, for servers and clients', () => {
    expect(names(objects, 'Certificate')).toEqual(['kraken/kraken-tls', 'kraken-nodes/kraken-tls']);
    for (const certificate of objects.filter(({ kind }) => kind === 'Certificate')) {
      expect(certificate.spec).toMatchObject({
        dnsNames: ['kraken'],
        usages: ['digital signature', 'server auth', 'client auth'],
      });
    }
  });

  it("hands the bucket's keys to origins in memory, from one Secret", () => {
    const pod = podOf(objects, 'StatefulSet', 'kraken-origin');
    expect(
      pod.initContainers[0].env.map(
        (one: { valueFrom: { secretKeyRef: { name: string } } }) => one.valueFrom.secretKeyRef.name,
      ),
    ).toEqual(['kraken-s3', 'kraken-s3']);
    expect(pod.volumes.find((volume: { name: string }) => volume.name === 'credentials').emptyDir.medium).toBe(
      'Memory',
    );
    expect(pod.containers[0].args).toContain('--secrets=/etc/kraken/credentials/s3.yaml');
    expect(pod.containers[0].env).toContainEqual({ name: 'SSL_CERT_DIR', value: '/etc/kraken/trusted-ca' });
  });

  it('writes them as Kraken reads them', () => {
    const [, , script] = podOf(objects, 'StatefulSet', 'kraken-origin').initContainers[0].command;
    const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
    const env = {
      PATH: process.env.PATH,
      REGISTRY_STORAGE_S3_ACCESSKEY: 'AK',
      REGISTRY_STORAGE_S3_SECRETKEY: 'a/b+c=%s',
    };
    execFileSync('sh', ['-c', script.replace('/etc/kraken/credentials', folder)], { env });
    const written = readFileSync(join(folder, 's3.yaml'), 'utf8');
    rmSync(folder, { recursive: true });
    expect(parse(written).auth.s3.harbor.s3).toEqual({ aws_access_key_id: 'AK', aws_secret_access_key: 'a/b+c=%s' });
  });

  it('rolls exactly the pods that read a Secret with a new revision', () => {
    const annotations = (kind: string, name: string) => find(objects, kind, name).spec.template.metadata.annotations;
    expect(annotations('StatefulSet', 'kraken-build-index')).toMatchObject({
      'harbor-fleet/secret-robot': '7',
      'harbor-fleet/secret-kraken-tls': '3',
    });
    expect(annotations('DaemonSet', 'kraken-agent')).toMatchObject({ 'harbor-fleet/secret-kraken-tls': '3' });
    expect(annotations('StatefulSet', 'kraken-tracker')).not.toHaveProperty(['harbor-fleet/secret-robot']);
  });

  it('probes by TLS what has TLS', () => {
    const scheme = (kind: string, name: string) => podOf(objects, kind, name).containers[0].startupProbe.httpGet.scheme;
    expect(scheme('StatefulSet', 'kraken-origin')).toBe('HTTPS');
    expect(scheme('DaemonSet', 'kraken-agent')).toBe('HTTP');
  });

  it('lets the range of nodes in', () => {
    const { spec } = find(objects, 'NetworkPolicy', 'kraken-agent');
    expect(spec.ingress).toContainEqual({
      from: [{ ipBlock: { cidr: '10.0.0.0/16' } }],
      ports: [{ port: 17000, protocol: 'TCP' }],
    });
  });

  it('has a disruption budget for what has several pods', () => {
    expect(names(objects, 'PodDisruptionBudget')).toHaveLength(4);
  });

  it('matches its snapshot', () => expect(objects).toMatchSnapshot());
});

describe('a Kraken without Harbor', () => {
  const objects = synth({ registry: undefined, backend: Backend.testfs() });

  it('brings its demo store, and no proxy to Harbor', () => {
    expect(names(objects, 'Deployment')).toEqual(['kraken/kraken-proxy', 'kraken/kraken-testfs']);
    expect(find(objects, 'ConfigMap', 'kraken-origin').data).not.toHaveProperty('nginx.conf');
    expect(find(objects, 'ConfigMap', 'kraken-build-index').data).not.toHaveProperty('upstream.conf');
    expect(podOf(objects, 'Deployment', 'kraken-testfs').containers[0].args).toEqual(['--port=14000']);
  });
});

describe('with a Harbor construct', () => {
  it('hands over its notification and its flows', () => {
    const heard: unknown[] = [];
    const harbor = {
      plan: registry,
      addNotification: (notification: unknown) => heard.push(notification),
      addFlows: (flows: unknown) => heard.push(flows),
    };
    const kraken = new Kraken(new Chart(new App(), 'test'), 'kraken', { registry: harbor, image: IMAGE });
    expect(heard).toEqual([kraken.plan.notification, kraken.plan.flows]);
  });

  it('takes a Kraken that was planned before', () => {
    const plan = planKraken({ registry, image: IMAGE });
    const chart = new Chart(new App(), 'test', { disableResourceNameHashes: true });
    new Kraken(chart, 'kraken', { plan });
    expect(chart.toJson()).toEqual(synth());
  });
});

describe('certificates as texts', () => {
  it('are in planned Secrets, roll the pods, and CAs are written where they are read', () => {
    const checksum = (certificate: string) => {
      const objects = synth({ tls: Tls.provided({ certificate, privateKey: defer(KEY), ca: PEM }) });
      expect(names(objects, 'Secret')).toEqual([]);
      const { template } = find(objects, 'StatefulSet', 'kraken-tracker').spec as {
        template: { metadata: { annotations: Record<string, string> } };
      };
      return template.metadata.annotations['harbor-fleet/configuration'];
    };
    expect(checksum(PEM)).not.toBe(checksum(PEM.replace('-----END', 'BB\n-----END')));
    expect(
      find(
        synth({ registry: { ...secureRegistry, internalCa: { from: 'text', pem: PEM } } }),
        'ConfigMap',
        'kraken-registry-ca',
      ).data,
    ).toEqual({ 'ca.crt': PEM });
  });
});

it('law: late texts give the same objects as known ones', () => {
  const build = (late: (text: string) => string) =>
    synth({
      registry: planHarbor({
        domain: late('registry.example.com'),
        storage: SharedStorage.s3({
          bucket: late('images'),
          region: late('no'),
          endpoint: late('http://minio.example.com:9000'),
          ca: late(PEM),
        }),
        internalTls: Tls.certManager({ issuer: late('internal'), ca: late(PEM) }),
      }),
      backend: Backend.s3({ rootDirectory: late('harbor/') }),
      image: late(IMAGE),
      tls: Tls.provided({ certificate: late(PEM), privateKey: defer(KEY), ca: late(PEM) }),
      volumes: { origin: { storageClass: late('fast') } },
      registryAccount: { secret: late('robot') },
      imagePullSecrets: [late('pull')],
    });
  expect(known(build(defer))).toEqual(known(build((text) => text)));
});
