import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planHarbor, type S3Storage, SharedStorage } from '../../../lib/index';
import { createAuthority, issue } from '../../../lib/secrets/certificates';
import { systemSource } from '../../../lib/secrets/source';
import type { TestCluster } from './cluster';
import { run } from './process';
import { envoyProgram, loadEnvoy, loadVersity, versityProgram } from './tools';

const NAMESPACE = 'e2e-store';
/** That of the gateway beside Harbor's registry. */
const ENVOY = planHarbor({
  domain: 'registry.example.test',
  storage: SharedStorage.s3({
    bucket: 'images',
    region: 'a',
    endpoint: 'https://obs.a.myhuaweicloud.com',
    credentialsSecret: 'a',
  }),
}).s3Gateway?.image as string;
const VERSITY = 'docker.io/versity/versitygw:v1.8.0';
const PORT = 8443;
const HOST = `objects.${NAMESPACE}.svc.cluster.local`;
const BUCKET = 'images';
const REGION = 'ap-southeast-3';
const SECRET = 'bucket-of-mine';
const KEY = { access: 'ACCESSKEYOFMINE', secret: 'S3cret/of+bucket' };

/**
 * A service that speaks S3 as Huawei Cloud OBS does: Versity S3 Gateway keeps the objects and verifies signatures, and what stands before it refuses
 * what OBS refuses or, worse, stores wrongly. A pod's own DNS name is the bucket's host.
 */
export class ObjectStore {
  private readonly authority = createAuthority('object store', systemSource);
  private readonly folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-store-'));

  constructor(private readonly cluster: TestCluster) {}

  /** The setting of a Harbor. */
  get storage(): S3Storage {
    return SharedStorage.s3({
      bucket: BUCKET,
      region: REGION,
      endpoint: `https://${HOST}:${PORT}`,
      addressing: 'virtualHosted',
      rootDirectory: '/harbor',
      credentialsSecret: SECRET,
      ca: this.authority.certificate,
    });
  }

  /** Makes the programs, which takes minutes where nothing of them is cached. */
  static async makePrograms(): Promise<void> {
    await Promise.all([versityProgram(VERSITY), envoyProgram(ENVOY)]);
  }

  async start(): Promise<void> {
    const { lab, kubectl } = this.cluster;
    if (lab !== undefined) {
      await loadVersity(lab, VERSITY);
      await loadEnvoy(lab, ENVOY);
    }
    writeFileSync(join(this.folder, 'ca.crt'), this.authority.certificate);
    await kubectl.apply([...this.objects()]);
    await kubectl.run(['wait', '-n', NAMESPACE, `pod/${BUCKET}`, '--for=condition=Ready', '--timeout=120s'], {
      timeoutMs: 150_000,
    });
    const { status, body } = await this.ask('PUT', '/');
    if (status !== 200) throw new Error(`the bucket was not made: ${status} ${body}`);
  }

  /** What an administrator of the cluster makes in Harbor's namespace. */
  async makeSecret(namespace: string): Promise<void> {
    const stringData = { REGISTRY_STORAGE_S3_ACCESSKEY: KEY.access, REGISTRY_STORAGE_S3_SECRETKEY: KEY.secret };
    const metadata = { name: SECRET, namespace };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
    await this.cluster.kubectl.apply([secret]);
  }

  /** Keys of the objects below a folder of the bucket. */
  async keys(prefix: string): Promise<readonly string[]> {
    const { body } = await this.ask('GET', `/?list-type=2&prefix=${encodeURIComponent(prefix)}`);
    return [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  }

  /** What the service answers to a request that is signed with the bucket's key; by the bucket's own host unless another is given. */
  async ask(
    method: string,
    path: string,
    host = `${BUCKET}.${HOST}`,
    headers: readonly string[] = [],
  ): Promise<{ status: number; body: string }> {
    const forward = await this.cluster.kubectl.portForward(NAMESPACE, `pod/${BUCKET}`, PORT);
    try {
      const answer = await run('curl', [
        ...['--silent', '--show-error', '--request', method, '--write-out', '\n%{http_code}'],
        ...['--cacert', join(this.folder, 'ca.crt'), '--connect-to', `${host}:${PORT}:127.0.0.1:${forward.port}`],
        ...['--aws-sigv4', `aws:amz:${REGION}:s3`, '--user', `${KEY.access}:${KEY.secret}`],
        ...['x-amz-content-sha256: UNSIGNED-PAYLOAD', ...headers].flatMap((header) => ['--header', header]),
        `https://${host}:${PORT}${path}`,
      ]);
      const at = answer.lastIndexOf('\n');
      return { status: Number(answer.slice(at + 1)), body: answer.slice(0, at) };
    } finally {
      forward.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private objects(): readonly object[] {
    const metadata = (name: string) => ({ name, namespace: NAMESPACE });
    const labels = { app: 'objects' };
    const names = [HOST, `*.${HOST}`];
    const certificate = issue(this.authority, { commonName: 'object store', names }, systemSource);
    const versity = {
      name: 'versity',
      image: VERSITY,
      command: ['/usr/local/bin/versitygw'],
      args: ['--port', '127.0.0.1:7070', '--region', REGION, '--virtual-domain', HOST, 'posix', '/objects'],
      env: [
        { name: 'ROOT_ACCESS_KEY', value: KEY.access },
        { name: 'ROOT_SECRET_KEY', value: KEY.secret },
      ],
      volumeMounts: [{ name: 'objects', mountPath: '/objects' }],
    };
    const front = {
      name: 'front',
      image: ENVOY,
      command: ['/usr/local/bin/envoy'],
      args: ['--config-path', '/front/envoy.json', '--concurrency', '2', '--disable-hot-restart'],
      ports: [{ containerPort: PORT }],
      readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
      volumeMounts: [{ name: 'front', mountPath: '/front', readOnly: true }],
    };
    return [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: metadata('front'),
        stringData: { ...certificate, 'envoy.json': JSON.stringify(FRONT) },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata('objects'),
        spec: { clusterIP: 'None', selector: labels, ports: [{ port: PORT }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...metadata(BUCKET), labels },
        spec: {
          hostname: BUCKET,
          subdomain: 'objects',
          containers: [versity, front],
          volumes: [
            { name: 'objects', emptyDir: {} },
            { name: 'front', secret: { secretName: 'front' } },
          ],
          securityContext: { runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 },
          terminationGracePeriodSeconds: 1,
        },
      },
    ];
  }
}

const typed = (name: string, type: string, settings: object = {}) => ({
  name,
  typed_config: { '@type': `type.googleapis.com/envoy.extensions.${type}`, ...settings },
});
const refusal = (match: object, status: number, code: string) => ({
  match: { prefix: '/', ...match },
  direct_response: { status, body: { inline_string: `<Error><Code>${code}</Code><Message>${code}</Message></Error>` } },
});
const socket = (address: string, port: number) => ({ address: { socket_address: { address, port_value: port } } });

/** What OBS says before it looks at an object: https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0115.html */
const FRONT = {
  static_resources: {
    listeners: [
      {
        ...socket('0.0.0.0', PORT),
        filter_chains: [
          {
            transport_socket: typed('tls', 'transport_sockets.tls.v3.DownstreamTlsContext', {
              common_tls_context: {
                tls_certificates: [
                  { certificate_chain: { filename: '/front/tls.crt' }, private_key: { filename: '/front/tls.key' } },
                ],
              },
            }),
            filters: [
              typed('http', 'filters.network.http_connection_manager.v3.HttpConnectionManager', {
                stat_prefix: 'front',
                route_config: {
                  ignore_port_in_host_matching: true,
                  virtual_hosts: [
                    {
                      name: 'bucket',
                      domains: [`${BUCKET}.${HOST}`],
                      routes: [
                        // OBS answers 200 and keeps the frames as part of the object (grafana/loki#24206).
                        refusal(
                          { headers: [{ name: 'content-encoding', string_match: { contains: 'aws-chunked' } }] },
                          400,
                          'InvalidArgument',
                        ),
                        refusal(
                          {
                            headers: [{ name: 'content-md5', present_match: false }],
                            query_parameters: [{ name: 'delete', present_match: true }],
                          },
                          400,
                          'InvalidRequest',
                        ),
                        { match: { prefix: '/' }, route: { cluster: 'versity', timeout: '0s' } },
                      ],
                    },
                    { name: 'path', domains: ['*'], routes: [refusal({}, 403, 'VirtualHostDomainRequired')] },
                  ],
                },
                http_filters: [typed('router', 'filters.http.router.v3.Router', { suppress_envoy_headers: true })],
              }),
            ],
          },
        ],
      },
    ],
    clusters: [
      {
        name: 'versity',
        type: 'STATIC',
        load_assignment: {
          cluster_name: 'versity',
          endpoints: [{ lb_endpoints: [{ endpoint: socket('127.0.0.1', 7070) }] }],
        },
      },
    ],
  },
};
