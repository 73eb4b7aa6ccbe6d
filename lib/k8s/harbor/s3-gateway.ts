import { s3Service } from '../../plan/backend.js';
import { derive } from '../../plan/deferred.js';
import type { HarborPlan } from '../../plan/harbor.js';
import type { S3Storage } from '../../plan/storage.js';
import { S3_ACCESS_KEY, S3_SECRET_KEY } from '../../plan/storage-secrets.js';
import { STORAGE_CA } from '../../plan/trusted-cas.js';
import { type ContainerProps, httpProbe, livenessProbe } from '../container.js';
import { yaml } from '../text.js';
import { ADDED_CERTIFICATES, trustMounts } from '../tls/mounts.js';
import type { RegistryStorage } from './registry-storage.js';

const PORT = 9000;
const HEALTH_PORT = 9001;
const NAME = 's3-gateway';
const CONFIG = `${NAME}.yaml`;
const FOLDER = `/etc/${NAME}`;
/** Worker threads; Envoy's own default is one a core of the node, each with memory of its own. */
const WORKERS = 2;

/** Envoy's own default, 1024, answers 503 beyond. */
const MANY = 100_000;

/** Where the registry finds its bucket when a gateway stands before it. */
export const S3_GATEWAY_URL = `http://127.0.0.1:${PORT}`;

/**
 * The gateway between Harbor's registry and a bucket whose name must stand in the host: its container, and its files in the registry's ConfigMap,
 * by name; nothing where the storage needs none.
 *
 * An Envoy in the registry's own pod, on loopback, for it signs whatever it is asked: it takes `http://127.0.0.1:9000/bucket/key`, asks
 * `https://bucket.host/key`, and leaves all else as the registry sent it. What speaks S3 on its own behalf sends what such services do not
 * understand: OBS wants `Content-MD5` of a deletion, which newer SDKs no longer send, and stores the framing of their checksums in the object
 * (grafana/loki#24206).
 */
export function s3Gateway(
  plan: HarborPlan,
  storage: RegistryStorage,
): { readonly container: ContainerProps; readonly files: Readonly<Record<string, string>> } | undefined {
  if (plan.s3Gateway === undefined || plan.storage.type !== 's3') return undefined;
  const { bucket, region, endpoint, addressing, ca } = plan.storage;
  const container: ContainerProps = {
    name: NAME,
    image: plan.s3Gateway.image,
    sidecar: true,
    command: ['/usr/local/bin/envoy'],
    args: [
      ...['--config-path', `${FOLDER}/${CONFIG}`],
      ...['--concurrency', `${WORKERS}`, '--log-level', 'warning', '--disable-hot-restart'],
    ],
    env: { AWS_ACCESS_KEY_ID: storage.env[S3_ACCESS_KEY], AWS_SECRET_ACCESS_KEY: storage.env[S3_SECRET_KEY] },
    ports: { 'http-gateway': HEALTH_PORT },
    startup: httpProbe('/', HEALTH_PORT, 'http', { periodSeconds: 1, failureThreshold: 60 }),
    readiness: httpProbe('/', HEALTH_PORT, 'http'),
    liveness: livenessProbe('/', HEALTH_PORT, 'http'),
    mounts: [
      { volume: 'config', path: `${FOLDER}/${CONFIG}`, subPath: CONFIG },
      ...(ca === undefined ? [] : trustMounts(plan).mounts),
    ],
    resources: plan.s3Gateway.resources,
  };
  const config = derive({ bucket, region, endpoint, addressing, ca }, (known) => yaml(envoyConfig(known)));
  return { container, files: { [CONFIG]: config } };
}

type Bucket = Pick<S3Storage, 'bucket' | 'region' | 'endpoint' | 'addressing' | 'ca'>;

const typed = (name: string, type: string, settings: object = {}): object => ({
  name: `envoy.${name}`,
  typed_config: { '@type': `type.googleapis.com/envoy.extensions.${type}`, ...settings },
});

const socket = (address: string, port: number): object => ({
  socket_address: { address, port_value: port },
});

/** https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/bootstrap/v3/bootstrap.proto */
function envoyConfig(store: Bucket): object {
  const { host, port } = s3Service(store);
  const isPlain = store.endpoint?.startsWith('http://');
  // As clients write it: a port of its own is part of what they sign.
  const authority = port === (isPlain ? 80 : 443) ? host : `${host}:${port}`;
  return {
    static_resources: {
      listeners: [
        listener('registry', socket('127.0.0.1', PORT), {
          virtual_hosts: [{ name: 'bucket', domains: ['*'], routes: bucketRoutes(store.bucket, authority) }],
        }),
        listener('health', socket('0.0.0.0', HEALTH_PORT), {
          virtual_hosts: [
            {
              name: 'health',
              domains: ['*'],
              routes: [{ match: { prefix: '/' }, direct_response: { status: 200 } }],
            },
          ],
        }),
      ],
      clusters: [
        {
          name: 'bucket',
          type: 'LOGICAL_DNS',
          dns_lookup_family: 'ALL',
          respect_dns_ttl: true,
          connect_timeout: '5s',
          // What one connection may hold in memory, in bytes, while the other side is slower.
          per_connection_buffer_limit_bytes: 256 * 1024,
          // How much it asks at once is up to the registry.
          circuit_breakers: { thresholds: [{ max_connections: MANY, max_pending_requests: MANY, max_requests: MANY }] },
          load_assignment: {
            cluster_name: 'bucket',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(host, port) } }] }],
          },
          transport_socket: isPlain ? undefined : tls(host, store.ca),
          typed_extension_protocol_options: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
              '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
              explicit_http_config: { http_protocol_options: {} },
              // Shorter than services keep idle connections: a request on one that is about to close fails.
              common_http_protocol_options: { idle_timeout: '30s' },
              http_filters: signing(store.region),
            },
          },
        },
      ],
    },
  };
}

/** The file of the image with public CAs, or that of the storage's own CA, see `trustMounts`. */
const tls = (host: string, ca: string | undefined): object =>
  typed('transport_sockets.tls', 'transport_sockets.tls.v3.UpstreamTlsContext', {
    sni: host,
    common_tls_context: {
      validation_context: {
        trusted_ca: {
          filename: ca === undefined ? '/etc/ssl/certs/ca-certificates.crt' : `${ADDED_CERTIFICATES}/${STORAGE_CA}`,
        },
        match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: host } }],
      },
    },
  });

const listener = (name: string, address: object, routes: object): object => ({
  name,
  address,
  per_connection_buffer_limit_bytes: 256 * 1024,
  filter_chains: [
    {
      filters: [
        typed(
          'filters.network.http_connection_manager',
          'filters.network.http_connection_manager.v3.HttpConnectionManager',
          {
            stat_prefix: name,
            generate_request_id: false,
            server_header_transformation: 'PASS_THROUGH',
            access_log: [FAILURES],
            route_config: routes,
            http_filters: [
              typed('filters.http.router', 'filters.http.router.v3.Router', { suppress_envoy_headers: true }),
            ],
          },
        ),
      ],
    },
  ],
});

/** What failed on the way or in the service, with Envoy's own short word for why. The registry logs what it was refused. */
const FAILURES = {
  ...typed('access_loggers.stdout', 'access_loggers.stream.v3.StdoutAccessLog', {
    log_format: {
      text_format_source: {
        inline_string:
          '%START_TIME% %REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_TRANSPORT_FAILURE_REASON%\n',
      },
    },
  }),
  filter: {
    status_code_filter: {
      comparison: { op: 'GE', value: { default_value: 500, runtime_key: 'access_log.least_code' } },
    },
  },
};

function bucketRoutes(bucket: string, authority: string): object[] {
  const route = {
    cluster: 'bucket',
    // A layer takes as long as it takes.
    timeout: '0s',
    prefix_rewrite: '/',
    host_rewrite_literal: authority,
    // Only what the service has not seen yet; the registry itself repeats what it answered with an error.
    retry_policy: { retry_on: 'connect-failure,refused-stream,reset-before-request', num_retries: 2 },
  };
  return [
    { match: { path: `/${bucket}` }, route },
    { match: { prefix: `/${bucket}/` }, route },
  ];
}

/** After the path and the host were changed: takes the registry's signature away, and signs anew. Bodies stream, so they are not part of it. */
const signing = (region: string): object[] => [
  typed('filters.http.header_mutation', 'filters.http.header_mutation.v3.HeaderMutation', {
    mutations: {
      request_mutations: ['authorization', 'x-amz-date', 'x-amz-content-sha256'].map((remove) => ({ remove })),
    },
  }),
  typed('filters.http.aws_request_signing', 'filters.http.aws_request_signing.v3.AwsRequestSigning', {
    service_name: 's3',
    region,
    use_unsigned_payload: true,
    // What balancers in front of a service may change.
    match_excluded_headers: [{ prefix: 'accept' }, { exact: 'user-agent' }],
    credential_provider: { custom_credential_provider_chain: true, environment_credential_provider: {} },
  }),
  typed('filters.http.upstream_codec', 'filters.http.upstream_codec.v3.UpstreamCodec'),
];
