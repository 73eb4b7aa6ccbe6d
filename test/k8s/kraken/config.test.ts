import { Backend, type S3Backend } from '../../../lib/plan/backend.js';
import { planHarbor } from '../../../lib/plan/harbor.js';
import { SharedStorage } from '../../../lib/plan/storage.js';
import { Tls } from '../../../lib/plan/tls.js';
import { configOf, find, secureRegistry, synth } from './fixtures.js';

const small = synth();
const onS3 = planHarbor({
  domain: 'registry.example.com',
  storage: SharedStorage.s3({ bucket: 'images', region: 'eu-west-1', rootDirectory: '/harbor' }),
});
const shimOf = (objects: ReturnType<typeof synth>, component: string): string =>
  find(objects, 'ConfigMap', `kraken-${component}`).data['nginx.conf'] ?? '';

describe('configurations', () => {
  it.each(['origin', 'tracker', 'build-index', 'proxy', 'agent'])(
    '%s logs to its output and listens inside on loopback',
    (name) => {
      const config = configOf(small, name);
      expect(config.zap).toMatchObject({ outputPaths: ['stdout'], encoding: 'console' });
      expect(config.nginx).toMatchObject({
        name: `kraken-${name}`,
        cache_dir: '/var/cache/kraken/nginx',
        error_log_path: '/dev/stderr',
      });
      expect(config.tls).toEqual({ client: { disabled: true }, server: { disabled: true } });
      expect(JSON.stringify(config)).not.toContain('unix');
    },
  );

  it('origins seed pieces of 1 MiB, within their bandwidth', () => {
    expect(configOf(small, 'origin')).toMatchObject({
      metainfogen: { piece_lengths: { '0B': '1048576B' } },
      hashring: { max_replica: 1 },
      scheduler: {
        conn: { bandwidth: { enable: true, egress_bits_per_sec: 1_600_000_000, ingress_bits_per_sec: 2_400_000_000 } },
      },
      castore: { cache_cleanup: { tti: '24h' } },
      cluster: { static: ['kraken-origin-0.kraken-origin.kraken.svc.cluster.local:15002'] },
    });
  });

  it('agents have no endgame, and let in the addresses that a node may have', () => {
    const agent = configOf(synth({ nodeCidr: '203.0.113.0/24' }), 'agent');
    expect(agent.scheduler.dispatch).toEqual({ piece_request_policy: 'rarest_first', disable_endgame: true });
    expect(agent.allowed_cidrs).toEqual(expect.arrayContaining(['127.0.0.0/8', '10.0.0.0/8', '203.0.113.0/24']));
    expect(agent.store.cache_cleanup).toEqual({ ttl: '24h' });
  });

  it('all lists name the same hosts', () => {
    const medium = synth({ size: 'medium' });
    const origins = configOf(medium, 'origin').cluster.static;
    expect(origins).toHaveLength(3);
    for (const name of ['tracker', 'build-index', 'proxy']) {
      expect(configOf(medium, name).origin.hosts.static).toEqual(origins);
    }
    expect(configOf(medium, 'agent').build_index).toEqual(configOf(medium, 'proxy').build_index);
    expect(configOf(medium, 'agent').build_index.hosts.static).toEqual(
      configOf(medium, 'build-index').cluster.hosts.static,
    );
    expect(configOf(medium, 'agent').tracker.hosts.static).toHaveLength(2);
  });

  it('with TLS both sides show the same certificate, but agents serve their node plainly', () => {
    const objects = synth({ tls: Tls.provided() });
    const cert = { path: '/etc/kraken/tls/tls.crt' };
    const key = { path: '/etc/kraken/tls/tls.key' };
    expect(configOf(objects, 'tracker').tls).toEqual({
      name: 'kraken',
      cas: [{ path: '/etc/kraken/tls/ca.crt' }],
      client: { cert, key },
      server: { cert, key, passphrase: { path: '/dev/null' } },
    });
    expect(configOf(objects, 'agent').tls).toMatchObject({ client: { cert, key }, server: { disabled: true } });
  });

  it('the proxy hears notifications on a port of its own', () => {
    expect(configOf(small, 'proxy').server.listener).toEqual({ net: 'tcp', addr: '0.0.0.0:15005' });
  });
});

describe('backends', () => {
  const backends = (objects: ReturnType<typeof synth>, name: string) => configOf(objects, name).backends;

  it('are the loopback proxy to Harbor, without TLS on the way to it', () => {
    expect(backends(small, 'origin')).toEqual([
      {
        namespace: '.*',
        backend: {
          registry_blob: {
            address: '127.0.0.1:5001',
            timeout: '15m',
            security: { tls: { client: { disabled: true } } },
          },
        },
      },
    ]);
    expect(backends(small, 'build-index')[0].backend.registry_tag.address).toBe('127.0.0.1:5002');
  });

  it('know only the projects that peers may serve', () => {
    const objects = synth({ projects: ['team.a', 'library'] });
    for (const name of ['origin', 'build-index']) {
      const pattern = new RegExp(backends(objects, name)[0].namespace);
      expect(['library/app', 'team.a/app:v1', 'library/deep/app'].map((ns) => pattern.test(ns))).toEqual([
        true,
        true,
        true,
      ]);
      expect(
        ['secret/app', 'teamxa/app', 'my-library/app', 'library', 'library2/app'].filter((ns) => pattern.test(ns)),
      ).toEqual([]);
    }
  });

  it('read the bucket of Harbor, and tags still from Harbor', () => {
    const objects = synth({ registry: onS3, backend: Backend.s3() });
    expect(backends(objects, 'origin')[0].backend.s3).toEqual({
      username: 'harbor',
      region: 'eu-west-1',
      bucket: 'images',
      root_directory: '/harbor',
      name_path: 'sharded_docker_blob',
    });
    expect(backends(objects, 'build-index')[0].backend).toHaveProperty('registry_tag');
    expect(shimOf(objects, 'origin')).toBe('');
  });

  it('reach a compatible service as its URL says', () => {
    const s3 = (endpoint: string) =>
      backends(synth({ registry: onS3, backend: Backend.s3({ endpoint }) }), 'origin')[0].backend.s3;
    expect(s3('http://minio:9000')).toMatchObject({
      endpoint: 'http://minio:9000',
      disable_ssl: true,
      force_path_style: true,
    });
    expect(s3('https://minio')).toMatchObject({ disable_ssl: false });
    const addressed = (backend: S3Backend) => backends(synth({ registry: onS3, backend }), 'origin')[0].backend.s3;
    const endpoint = 'https://s3.example.com';
    expect(addressed(Backend.s3({ endpoint, addressing: 'virtualHosted' }))).toMatchObject({ force_path_style: false });
    // OBS and its like answer a bucket in the path with 403.
    expect(s3('https://obs.ap-southeast-3.myhuaweicloud.com')).toMatchObject({
      disable_ssl: false,
      force_path_style: false,
    });
  });

  it('are the demo store without Harbor', () => {
    const objects = synth({ registry: undefined, backend: Backend.testfs() });
    expect(backends(objects, 'origin')[0].backend.testfs).toEqual({
      addr: 'kraken-testfs.kraken.svc.cluster.local:14000',
      root: 'blobs',
      name_path: 'identity',
    });
    expect(backends(objects, 'build-index')[0].backend.testfs.name_path).toBe('docker_tag');
  });
});

describe('the loopback proxy', () => {
  /** The regular expression of its one location, as nginx reads it. */
  /** Whether nginx passes a path on: its location, and the map of the projects. */
  const passes = (conf: string) => (path: string) => {
    const found = new RegExp(/location ~ "(.+)" \{/.exec(conf)?.[1] ?? '(?!)').exec(path);
    const served = /map \$project \$is_served \{\n([^}]+)\}/.exec(conf)?.[1];
    return found !== null && (served === undefined || served.includes(`\n    ${found.groups?.project} 1;\n`));
  };
  const objects = synth({ projects: ['team.a', 'library'] });
  const digest = `sha256:${'a'.repeat(64)}`;

  it('passes blobs and manifests by digest of served projects only, for origins', () => {
    const isPassed = passes(shimOf(objects, 'origin'));
    const served = [`/v2/library/app/blobs/${digest}`, `/v2/team.a/deep/app/manifests/${digest}`];
    const others = [
      `/v2/secret/app/blobs/${digest}`,
      `/v2/teamxa/app/blobs/${digest}`,
      '/v2/library/app/manifests/v1',
      `/v2/library/app/blobs/${digest}/x`,
      '/v2/',
    ];
    expect([...served, ...others].filter(isPassed)).toEqual(served);
    const all = passes(shimOf(synth({ projects: 'all' }), 'origin'));
    expect([...served, ...others].filter(all)).toEqual([...served, ...others.slice(0, 2)]);
  });

  it('passes manifests by tag of served projects only, for build-indexes', () => {
    const isPassed = passes(shimOf(objects, 'build-index'));
    const served = ['/v2/library/deep/app/manifests/v1'];
    const others = ['/v2/secret/app/manifests/v1', `/v2/library/app/blobs/${digest}`, '/v2/library/manifests/v1'];
    expect([...served, ...others].filter(isPassed)).toEqual(served);
  });

  it('has a line for each project, however many: nginx takes 4096 bytes of one expression', () => {
    const projects = Array.from({ length: 3_000 }, (_, i) => `payments-service-${i}`);
    for (const name of ['origin', 'build-index']) {
      const conf = shimOf(synth({ projects }), name);
      expect(Math.max(...conf.split(/[\s;]/).map((word) => word.length))).toBeLessThan(4_096);
      expect(passes(conf)('/v2/payments-service-2999/app/manifests/v1')).toBe(name === 'build-index');
    }
  });

  it('only reads, and listens on loopback', () => {
    for (const name of ['origin', 'build-index']) {
      expect(shimOf(objects, name)).toContain('limit_except GET { deny all; }');
      expect(shimOf(objects, name)).toMatch(/listen 127\.0\.0\.1:500[12];/);
      expect(shimOf(objects, name)).toContain('location / { return 404; }');
    }
  });

  it('remembers tags for when Harbor does not answer, on the volume', () => {
    const conf = shimOf(objects, 'build-index');
    expect(conf).toContain('proxy_cache_path /var/cache/kraken/remembered-tags');
    expect(conf).toContain(
      'proxy_cache_use_stale error timeout invalid_header http_429 http_500 http_502 http_503 http_504;',
    );
    expect(conf).toContain('proxy_cache_valid 200 2s;');
    expect(shimOf(objects, 'origin')).not.toContain('proxy_cache_use_stale');
  });

  it('remembers for a minute that a blob exists, and never a blob itself', () => {
    const conf = shimOf(objects, 'origin');
    expect(conf).toContain('map $request_method $not_a_question {\n  HEAD "";\n  default 1;\n}');
    for (const line of [
      'proxy_cache_key $request_method$uri;',
      'proxy_cache_convert_head off;',
      'proxy_cache_bypass $not_a_question;',
      'proxy_no_cache $not_a_question;',
      'proxy_cache_valid 200 1m;',
    ]) {
      expect(conf).toContain(line);
    }
    expect(shimOf(objects, 'build-index')).not.toContain('known_blobs');
  });

  it('adds credentials from the Secret and all media types of manifests', () => {
    const upstream = find(objects, 'ConfigMap', 'kraken-origin').data['upstream.conf'] ?? '';
    expect(upstream).toContain('proxy_pass http://harbor-core.harbor.svc.cluster.local:80;');
    expect(upstream).toContain('include /etc/kraken/registry-account/auth.conf;');
    for (const type of [
      'oci.image.manifest.v1',
      'oci.image.index.v1',
      'docker.distribution.manifest.v2',
      'docker.distribution.manifest.list.v2',
    ]) {
      expect(upstream).toContain(`application/vnd.${type}+json`);
    }
    expect(upstream).not.toContain('proxy_ssl');
  });

  it('verifies Harbor by the private CA, or by the public ones', () => {
    const upstream = (registry: typeof secureRegistry): string =>
      find(synth({ registry }), 'ConfigMap', 'kraken-origin').data['upstream.conf'] ?? '';
    expect(upstream(secureRegistry)).toContain('proxy_ssl_trusted_certificate /etc/kraken/trusted-ca/registry.crt;');
    expect(upstream(secureRegistry)).toContain('proxy_ssl_verify on;');
    expect(upstream({ ...secureRegistry, internalCa: undefined })).toContain(
      'proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;',
    );
  });
});
