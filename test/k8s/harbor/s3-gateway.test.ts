import { parse } from 'yaml';
import { defer } from '../../../lib/plan/deferred';
import { planHarbor } from '../../../lib/plan/harbor';
import { type S3Storage, SharedStorage } from '../../../lib/plan/storage';
import { find, known } from '../../../lib/testing';
import { containerOf, objectsOf } from './objects';
import { PEM } from './plan-of';

const OBS = 'https://obs.ap-southeast-3.myhuaweicloud.com';
const storageAt = (endpoint: string, more: Partial<S3Storage> = {}) =>
  SharedStorage.s3({
    bucket: 'images',
    region: 'ap-southeast-3',
    endpoint,
    addressing: 'virtualHosted',
    credentialsSecret: 'bucket',
    ...more,
  });
const made = (storage: SharedStorage) => objectsOf({ storage });
const filesOf = (objects: ReturnType<typeof made>) =>
  find(objects, 'ConfigMap', 'harbor-registry').data as Record<string, string>;
const envoyOf = (storage: SharedStorage) => parse(filesOf(made(storage))['s3-gateway.yaml'] ?? '').static_resources;
// biome-ignore lint/suspicious/noExplicitAny: manifests are looked at where a test expects something
const podOf = (objects: ReturnType<typeof made>): any =>
  (find(objects, 'Deployment', 'harbor-registry').spec as { template: unknown }).template;

describe('the gateway to a bucket', () => {
  const objects = made(storageAt(OBS));

  it('is where the registry finds its bucket, and nobody else', () => {
    expect(parse(filesOf(objects)['config.yml'] ?? '').storage).toMatchObject({
      s3: { bucket: 'images', region: 'ap-southeast-3', regionendpoint: 'http://127.0.0.1:9000', secure: false },
      redirect: { disable: true },
    });
    const [registry, health] = envoyOf(storageAt(OBS)).listeners;
    expect(registry.address.socket_address).toEqual({ address: '127.0.0.1', port_value: 9000 });
    const [answer] = health.filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes;
    expect(answer).toEqual({ match: { prefix: '/' }, direct_response: { status: 200 } });
  });

  it('starts before the registry, ends after it, and signs with the same access key', () => {
    const [gateway] = podOf(objects).spec.initContainers;
    expect(gateway).toMatchObject({ name: 's3-gateway', restartPolicy: 'Always', startupProbe: expect.anything() });
    const key = (name: string, of: string) => ({ name, valueFrom: { secretKeyRef: { name: 'bucket', key: of } } });
    expect(gateway.env).toEqual([
      key('AWS_ACCESS_KEY_ID', 'REGISTRY_STORAGE_S3_ACCESSKEY'),
      key('AWS_SECRET_ACCESS_KEY', 'REGISTRY_STORAGE_S3_SECRETKEY'),
    ]);
    expect(containerOf(objects, 'harbor-registry', 'registry')).not.toHaveProperty('restartPolicy');
  });

  it.each([
    [OBS, 'images.obs.ap-southeast-3.myhuaweicloud.com', 443, ''],
    ['https://s3.example.com:8443', 'images.s3.example.com', 8443, ':8443'],
    ['http://s3.example.com', 'images.s3.example.com', 80, ''],
    ['http://s3.example.com:9000', 'images.s3.example.com', 9000, ':9000'],
  ])('takes the bucket from the path, and puts it before %s', (endpoint, host, port, behind) => {
    const { listeners, clusters } = envoyOf(storageAt(endpoint));
    const [bucket] = listeners[0].filter_chains[0].filters[0].typed_config.route_config.virtual_hosts;
    const routes = bucket.routes as { match: object; route: object }[];
    expect(routes.map(({ match }) => match)).toEqual([{ path: '/images' }, { prefix: '/images/' }]);
    for (const { route } of routes) {
      expect(route).toMatchObject({ prefix_rewrite: '/', host_rewrite_literal: `${host}${behind}` });
    }
    const { address } = clusters[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint;
    expect(address.socket_address).toEqual({ address: host, port_value: port });
    expect(clusters[0].transport_socket?.typed_config.sni).toBe(endpoint.startsWith('https') ? host : undefined);
  });

  it('verifies the bucket’s own name, by public CAs or by one’s own', () => {
    const trust = (storage: SharedStorage) =>
      envoyOf(storage).clusters[0].transport_socket.typed_config.common_tls_context.validation_context;
    const host = 'images.obs.ap-southeast-3.myhuaweicloud.com';
    expect(trust(storageAt(OBS))).toEqual({
      trusted_ca: { filename: '/etc/ssl/certs/ca-certificates.crt' },
      match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: host } }],
    });
    expect(trust(storageAt(OBS, { ca: PEM })).trusted_ca).toEqual({ filename: '/harbor_cust_cert/storage.crt' });
    const { volumeMounts } = podOf(made(storageAt(OBS, { ca: PEM }))).spec.initContainers[0];
    expect(volumeMounts).toContainEqual({ name: 'trusted-ca', mountPath: '/harbor_cust_cert', readOnly: true });
  });

  it('takes the signature away before it signs, after the path and the host are changed', () => {
    const [{ typed_extension_protocol_options: options }] = envoyOf(storageAt(OBS)).clusters;
    const [taken, signed] = options['envoy.extensions.upstreams.http.v3.HttpProtocolOptions'].http_filters;
    expect(taken.typed_config.mutations).toEqual({
      request_mutations: [{ remove: 'authorization' }, { remove: 'x-amz-date' }, { remove: 'x-amz-content-sha256' }],
    });
    expect(signed.typed_config).toMatchObject({
      service_name: 's3',
      region: 'ap-southeast-3',
      use_unsigned_payload: true,
    });
  });

  it('rolls the registry when it changes', () => {
    const checksum = (storage: SharedStorage) =>
      podOf(made(storage)).metadata.annotations['harbor-fleet/configuration'] as string;
    expect(checksum(storageAt(OBS))).not.toBe(checksum(storageAt('https://obs.cn-north-4.myhuaweicloud.com')));
  });

  it('is the same of late values', () => {
    const plain = made(storageAt(OBS, { ca: PEM }));
    const marked = made(
      storageAt(defer(OBS), { bucket: defer('images'), region: defer('ap-southeast-3'), ca: defer(PEM) }),
    );
    expect(known(marked)).toEqual(plain);
  });

  it('is none where the bucket stands in the path', () => {
    const objects = made(storageAt(OBS.replace('myhuaweicloud', 'example'), { addressing: 'path' }));
    expect(JSON.stringify(objects)).not.toContain('s3-gateway');
    expect(
      planHarbor({ domain: 'a.example', storage: storageAt('https://a.example', { addressing: 'path' }) }).s3Gateway,
    ).toBeUndefined();
  });
});
