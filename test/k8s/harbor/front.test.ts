import { frontConf } from '../../../lib/k8s/harbor/front-config';
import type { HarborProps } from '../../../lib/plan/harbor';
import { planTopology } from '../../../lib/plan/plan';
import { containerOf, FULL, mountsOf, objectsOf, specOf, templateOf, textOf } from './objects';

/** Directives of nginx by their place, such as `server location /v2/ proxy_pass`. */
function directives(conf: string): string[] {
  const place: string[] = [];
  const found: string[] = [];
  for (const line of conf.split('\n').map((text) => text.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.endsWith('{')) place.push(line.slice(0, -1).trim());
    else if (line === '}') place.pop();
    else found.push([...place, line.replace(/;$/, '')].join(' | '));
  }
  expect(place).toEqual([]);
  return found;
}
const confOf = (change: Partial<HarborProps> = {}, base?: HarborProps): string[] =>
  directives(textOf(objectsOf(change, base), base === undefined ? 'harbor-nginx' : 'team-nginx', 'nginx.conf'));

describe('nginx.conf of the front', () => {
  const conf = confOf();

  it('sends each path where it belongs', () => {
    const target = (path: string) => conf.filter((line) => line.startsWith(`http | server | location ${path} |`));
    for (const path of ['/api/', '/service/', '/c/']) {
      expect(target(path)).toEqual([`http | server | location ${path} | proxy_pass http://core`]);
    }
    expect(target('/')).toContain('http | server | location / | proxy_pass http://portal');
    const long = ['proxy_send_timeout 900s', 'client_body_timeout 900s', 'send_timeout 900s'];
    const lines = (path: string, all: readonly string[]) =>
      all.map((line) => `http | server | location ${path} | ${line}`);
    expect(target('/v2/')).toEqual(
      lines('/v2/', [
        'proxy_pass http://core',
        'error_page 419 = @reads',
        'if ($request_method ~ ^(?:GET|HEAD)$) | return 419',
        'proxy_read_timeout 900s',
        ...long,
      ]),
    );
    expect(target('@reads')).toEqual(lines('@reads', ['proxy_pass http://core', ...long, 'proxy_read_timeout 30s']));
    for (const path of ['/v1/', '/service/notifications']) {
      expect(target(`^~ ${path}`)).toEqual([`http | server | location ^~ ${path} | return 404`]);
    }
  });

  it('passes bodies of any size on at once', () => {
    for (const directive of [
      'client_max_body_size 0',
      'proxy_buffering off',
      'proxy_request_buffering off',
      'proxy_http_version 1.1',
      'proxy_set_header Host $http_host',
      'proxy_set_header X-Forwarded-Proto $forwarded_proto',
    ]) {
      expect(conf).toContain(`http | server | ${directive}`);
    }
    expect(conf.filter((line) => line.includes('| location') && line.includes('proxy_set_header'))).toEqual([]);
  });

  it('takes TLS for all names, and sends plain requests there', () => {
    expect(conf).toContain('http | server | listen 8443 ssl default_server');
    expect(conf).toContain('http | server | ssl_protocols TLSv1.2 TLSv1.3');
    expect(conf).toContain('http | server | add_header Strict-Transport-Security "max-age=31536000" always');
    expect(conf).toContain('http | server | location / | return 301 https://$host$request_uri');
    expect(confOf({}, FULL)).toContain(
      'http | server | server_name registry.example.com eu.registry.example.com team.registry.svc.cluster.local',
    );
  });

  it('verifies the components by their own names', () => {
    const full = confOf({}, FULL);
    for (const directive of [
      'proxy_ssl_verify on',
      'proxy_ssl_trusted_certificate /etc/nginx/internal-ca/ca.crt',
      'proxy_ssl_server_name on',
      'location /v2/ | proxy_pass https://core',
      'location /v2/ | proxy_ssl_name team-core.registry.svc.cluster.local',
      'location / | proxy_ssl_name team-portal.registry.svc.cluster.local',
    ]) {
      expect(full).toContain(`http | server | ${directive}`);
    }
    expect(conf.join()).not.toContain('proxy_ssl');
  });

  it('says https behind something else that terminates TLS, else what it is told', () => {
    const none = confOf({ tls: { type: 'none' } });
    expect(none).toContain('http | map $http_x_forwarded_proto $forwarded_proto | "" $scheme');
    expect(none.join()).not.toMatch(/ssl|301|Strict-Transport|proxy_cookie_flags/);
    const behind = confOf({ tls: { type: 'none', externalScheme: 'https' } });
    expect(behind).toContain('http | map $scheme $forwarded_proto | default https');
    expect(behind).toContain('http | server | proxy_cookie_flags ~ secure');
  });

  it('writes below /tmp only', () => {
    const paths = conf.filter((line) => /temp_path|pid /.test(line));
    expect(paths).toHaveLength(6);
    expect(paths.every((line) => line.includes(' /tmp/'))).toBe(true);
    expect(conf).toContain('error_log stderr warn');
  });

  it('has a worker for each core that its pod may use', () => {
    expect(conf).toContain('worker_processes 1');
    expect(confOf({}, FULL)).toContain('worker_processes 4');
  });
});

describe('nginx.conf of the portal', () => {
  it('serves pages, and refuses what an Ingress cannot', () => {
    const conf = directives(textOf(objectsOf(), 'harbor-portal', 'nginx.conf'));
    expect(conf).toContain('http | server | listen 8080 default_server');
    expect(conf).toContain('http | server | location / | try_files $uri $uri/ /index.html');
    expect(conf).toContain('http | server | location ^~ /service/notifications | return 404');
    const tls = directives(textOf(objectsOf({}, FULL), 'team-portal', 'nginx.conf'));
    expect(tls).toContain('http | server | listen 8443 ssl default_server');
    expect(tls).toContain('http | server | ssl_certificate /etc/harbor/ssl/portal/tls.crt');
  });
});

describe('the Service of nginx', () => {
  const service = (exposure: HarborProps['exposure'], change: Partial<HarborProps> = {}) =>
    specOf(objectsOf({ exposure, ...change }), 'Service', 'harbor');

  it('is a load balancer as the cloud is told', () => {
    expect(
      service({
        type: 'loadBalancer',
        loadBalancerIp: '203.0.113.7',
        sourceRanges: ['203.0.113.0/24'],
        externalTrafficPolicy: 'Local',
      }),
    ).toMatchObject({
      type: 'LoadBalancer',
      loadBalancerIP: '203.0.113.7',
      loadBalancerSourceRanges: ['203.0.113.0/24'],
      externalTrafficPolicy: 'Local',
      ports: [
        { name: 'http', port: 80, targetPort: 8080 },
        { name: 'https', port: 443, targetPort: 8443 },
      ],
    });
    expect(service(undefined)).not.toHaveProperty('loadBalancerSourceRanges');
  });

  it('has fixed ports on nodes, or none outside', () => {
    expect(service({ type: 'nodePort', httpPort: 30080 })).toMatchObject({
      type: 'NodePort',
      ports: [{ nodePort: 30080 }, { nodePort: 30003 }],
    });
    expect(service({ type: 'clusterIp' }, { tls: { type: 'none' } })).toMatchObject({
      type: 'ClusterIP',
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    });
  });

  it('leads to pods with certificate and CA, which end slowly', () => {
    const objects = objectsOf({}, FULL);
    const nginx = containerOf(objects, 'team-nginx', 'nginx');
    expect(mountsOf(nginx)).toMatchObject({ '/etc/nginx/cert': 'tls', '/etc/nginx/internal-ca': 'internal-ca' });
    expect(templateOf(objects, 'team-nginx').spec.terminationGracePeriodSeconds).toBe(120);
    expect(nginx.lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
    const plain = containerOf(objectsOf({ tls: { type: 'none' } }), 'harbor-nginx', 'nginx');
    expect(plain.readinessProbe.httpGet).toMatchObject({ path: '/healthz', port: 8080, scheme: 'HTTP' });
    expect(mountsOf(plain)).not.toHaveProperty('/etc/nginx/cert');
  });
});

describe('an Ingress', () => {
  interface IngressSpec {
    readonly ingressClassName?: string;
    readonly tls?: readonly object[];
    readonly rules: readonly {
      readonly host: string;
      readonly http: {
        readonly paths: readonly {
          readonly path: string;
          readonly pathType: string;
          readonly backend: { readonly service: { readonly name: string; readonly port: { readonly number: number } } };
        }[];
      };
    }[];
  }
  const ingress = (exposure: object = {}, change: Partial<HarborProps> = {}) => {
    const objects = objectsOf({ aliases: ['eu.example.com'], exposure: { type: 'ingress', ...exposure }, ...change });
    const found = objects.find(({ kind }) => kind === 'Ingress');
    const annotations = (found?.metadata.annotations ?? {}) as Record<string, string>;
    return { objects, annotations, spec: found?.spec as IngressSpec };
  };

  it('has every path for every name, the closed ones at the portal', () => {
    const { spec } = ingress({ className: 'public' });
    expect(spec.ingressClassName).toBe('public');
    expect(spec.tls).toEqual([{ hosts: ['registry.example.com', 'eu.example.com'], secretName: 'harbor-tls' }]);
    expect(spec.rules.map((rule) => rule.host)).toEqual(['registry.example.com', 'eu.example.com']);
    const paths = spec.rules[0]?.http.paths.map(
      ({ path, pathType, backend: { service } }) => `${pathType} ${path} ${service.name}:${service.port.number}`,
    );
    expect(paths).toEqual([
      'Prefix /v1/ harbor-portal:80',
      'Prefix /service/notifications harbor-portal:80',
      'Prefix /api/ harbor-core:80',
      'Prefix /service/ harbor-core:80',
      'Prefix /v2/ harbor-core:80',
      'Prefix /c/ harbor-core:80',
      'Prefix / harbor-portal:80',
    ]);
  });

  it('tells nginx to take bodies of any size, and TLS to the components', () => {
    const nginx = 'nginx.ingress.kubernetes.io';
    expect(ingress({ annotations: { [`${nginx}/proxy-read-timeout`]: '1800' } }).annotations).toEqual({
      [`${nginx}/proxy-body-size`]: '0',
      [`${nginx}/proxy-buffering`]: 'off',
      [`${nginx}/proxy-request-buffering`]: 'off',
      [`${nginx}/proxy-read-timeout`]: '1800',
      [`${nginx}/proxy-send-timeout`]: '900',
      [`${nginx}/ssl-redirect`]: 'true',
    });
    const tls = ingress({}, { tls: { type: 'none' }, internalTls: { type: 'provided' } });
    expect(tls.annotations).toMatchObject({
      [`${nginx}/backend-protocol`]: 'HTTPS',
      [`${nginx}/ssl-redirect`]: 'false',
    });
    expect(tls.spec.tls).toBeUndefined();
    expect(tls.spec.rules[0]?.http.paths[2]?.backend.service.port.number).toBe(443);
  });

  it('of ALB takes certificates from ACM, and asks each component for its health', () => {
    const alb = 'alb.ingress.kubernetes.io';
    const { annotations, spec, objects } = ingress({ controller: 'alb' }, { internalTls: { type: 'provided' } });
    expect(annotations).toMatchObject({
      [`${alb}/target-type`]: 'ip',
      [`${alb}/backend-protocol`]: 'HTTPS',
      [`${alb}/ssl-redirect`]: '443',
      [`${alb}/listen-ports`]: '[{"HTTP": 80}, {"HTTPS": 443}]',
    });
    expect(spec.tls).toEqual([{ hosts: ['registry.example.com', 'eu.example.com'] }]);
    const health = (name: string) =>
      objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === name)?.metadata.annotations;
    expect(health('harbor-core')).toEqual({ [`${alb}/healthcheck-path`]: '/api/v2.0/ping' });
    expect(health('harbor-portal')).toEqual({ [`${alb}/healthcheck-path`]: '/' });
    const plain = ingress({ controller: 'alb' }, { tls: { type: 'none' } }).annotations;
    expect(plain[`${alb}/listen-ports`]).toBe('[{"HTTP": 80}]');
    expect(plain).not.toHaveProperty([`${alb}/ssl-redirect`]);
    expect(plain[`${alb}/backend-protocol`]).toBe('HTTP');
  });

  it('of Google Cloud has its own notation of prefixes', () => {
    const { spec, objects } = ingress({ controller: 'gce' }, { internalTls: { type: 'provided' } });
    expect(spec.rules[0]?.http.paths.map((path) => `${path.pathType} ${path.path}`)).toContain(
      'ImplementationSpecific /v2/*',
    );
    const core = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'harbor-core');
    expect(core?.metadata.annotations).toEqual({
      'cloud.google.com/neg': '{"ingress": true}',
      'cloud.google.com/app-protocols': '{"https-web": "HTTPS"}',
    });
    const plain = ingress({ controller: 'gce' }).objects;
    const portal = plain.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'harbor-portal');
    expect(portal?.metadata.annotations).toEqual({ 'cloud.google.com/neg': '{"ingress": true}' });
  });

  it('of Traefik or an unknown controller needs little', () => {
    expect(ingress({ controller: 'traefik' }).annotations).toEqual({
      'traefik.ingress.kubernetes.io/router.tls': 'true',
    });
    expect(ingress({ controller: 'traefik' }, { tls: { type: 'none' } }).annotations).toEqual({});
    expect(ingress({ controller: 'other' }).annotations).toEqual({});
  });
});

describe('routes of a Gateway', () => {
  const exposure = {
    type: 'gateway',
    parentRefs: [{ name: 'public', namespace: 'infra', sectionName: 'https' }],
  } as const;

  it('take all names and paths, and limit no layer', () => {
    const route = specOf<{
      parentRefs: object[];
      hostnames: string[];
      rules: { matches: { path: { value: string } }[]; backendRefs: object[]; timeouts?: object }[];
    }>(objectsOf({ aliases: ['eu.example.com'], exposure }), 'HTTPRoute', 'harbor-route');
    expect(route.parentRefs).toEqual([{ name: 'public', namespace: 'infra', sectionName: 'https' }]);
    expect(route.hostnames).toEqual(['registry.example.com', 'eu.example.com']);
    const rule = (path: string) => route.rules.find(({ matches }) => matches[0]?.path.value === path);
    expect(rule('/v2/')).toEqual({
      matches: [{ path: { type: 'PathPrefix', value: '/v2/' } }],
      backendRefs: [{ name: 'harbor-core', port: 80 }],
      timeouts: { request: '0s' },
    });
    expect(rule('/service/notifications')?.backendRefs).toEqual([{ name: 'harbor-portal', port: 80 }]);
    expect(rule('/')?.timeouts).toBeUndefined();
  });

  it('verify the components', () => {
    const objects = objectsOf({ exposure, internalTls: { type: 'provided' } });
    expect(specOf(objects, 'BackendTLSPolicy', 'harbor-core')).toEqual({
      targetRefs: [{ group: '', kind: 'Service', name: 'harbor-core' }],
      validation: {
        hostname: 'harbor-core.harbor.svc.cluster.local',
        caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'harbor-internal-ca' }],
      },
    });
    expect(objects.filter(({ kind }) => kind === 'BackendTLSPolicy')).toHaveLength(2);
    expect(objectsOf({ exposure }).filter(({ kind }) => kind === 'BackendTLSPolicy')).toEqual([]);
  });
});

describe('pushes to where a project is not at home', () => {
  const { regions } = planTopology({
    domain: 'registry.example.com',
    images: { kraken: 'tools.example.com/kraken:v0.1.27' },
    settings: {},
    regions: {
      virginia: { storage: { type: 'nas', storageClass: 'nfs' } },
      hangzhou: { storage: { type: 'nas', storageClass: 'nfs' } },
    },
    projects: {
      library: { public: true, home: 'virginia', replicateTo: 'all' },
      'a.b': { home: 'virginia' },
      default: { home: 'virginia' },
      own: { home: 'hangzhou' },
    },
  });
  const lines = regions.map(({ harbors: [own] }) => directives(frontConf(own)));

  it('are refused by the one name, with an error that names the home', () => {
    const [, hangzhou = []] = lines;
    const home = 'virginia.registry.example.com';
    expect(hangzhou.filter((line) => line.startsWith('http | map'))).toEqual([
      'http | map_hash_bucket_size 512',
      'http | map_hash_max_size 16384',
      'http | map $uri $push_project | default ""',
      'http | map $uri $push_project | ~^/v2/library/harbor-fleet-check/ ""',
      'http | map $uri $push_project | ~^/v2/(?<first>[^/]+)/ $first',
      'http | map $push_project $push_home | default ""',
      `http | map $push_project $push_home | library ${home}`,
      `http | map $push_project $push_home | a.b ${home}`,
      `http | map $push_project $push_home | \\default ${home}`,
      'http | map "$host $request_method" $push_host | default ""',
      ...['POST', 'PUT', 'PATCH', 'DELETE'].map(
        (method) => `http | map "$host $request_method" $push_host | "registry.example.com ${method}" $push_home`,
      ),
      'http | map $scheme $forwarded_proto | default https',
    ]);
    expect(hangzhou.filter((line) => line.includes('if ($push_host != "")'))).toEqual([
      expect.stringMatching(
        /location \/v2\/ \| if \(\$push_host != ""\) \| return 403 '\{"errors":\[\{"code":"DENIED",.*'$/,
      ),
    ]);
  });

  it('need nothing where all is at home', () => {
    expect(lines[0]?.filter((line) => line.includes('$push_project $push_home'))).toEqual([
      'http | map $push_project $push_home | default ""',
      'http | map $push_project $push_home | own hangzhou.registry.example.com',
    ]);
    expect(confOf().join()).not.toContain('push_');
  });
});
