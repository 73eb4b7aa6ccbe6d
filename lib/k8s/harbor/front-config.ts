import type { Endpoint, HarborPlan } from '../../plan/harbor.js';
import { READ_SECONDS } from '../nginx.js';
import { indent } from '../text.js';
import { CLOSED, HEALTH, nginxConf, serverTls } from './nginx-config.js';
import { refusals, refuse } from './push-refusals.js';

/** Where the front finds its certificate. */
export const FRONT_TLS = '/etc/nginx/cert';
/** Where it finds the CA of the components. */
export const INTERNAL_CA = '/etc/nginx/internal-ca';

/** The front's nginx.conf: paths of core and portal, bodies of any size, nothing buffered. */
export function frontConf(plan: HarborPlan): string {
  const isTls = plan.tls.type !== 'none';
  const names = [plan.domain, ...plan.aliases, ...(plan.front === undefined ? [] : [plan.front.host])].join(' ');
  const resources = plan.components.nginx?.resources ?? plan.registryctl;
  return nginxConf(
    resources,
    `# Room for the longest DNS name.
server_names_hash_bucket_size 512;
${upstream('core', plan.core)}${upstream('portal', plan.portal)}${refusals(plan)}${FORWARDED_PROTO[forwarded(plan)]}
${isTls ? tlsServers(plan, names) : plainServer(plan, names)}`,
  );
}

const upstream = (name: string, { host, port }: Endpoint): string => `upstream ${name} {
    server ${host}:${port};
    keepalive 32;
}
`;

/** The scheme that Harbor writes into its answers: what clients used, which is not always what reaches nginx. */
const forwarded = (plan: HarborPlan): 'https' | 'given' =>
  plan.tls.type !== 'none' || plan.tls.externalScheme === 'https' ? 'https' : 'given';

const FORWARDED_PROTO = {
  https: `map $scheme $forwarded_proto {
    default https;
}
`,
  given: `map $http_x_forwarded_proto $forwarded_proto {
    default $http_x_forwarded_proto;
    "" $scheme;
}
`,
} as const;

const plainServer = (plan: HarborPlan, names: string): string => `server {
    listen 8080 default_server;
    server_name ${names};
${indent(routes(plan))}}
`;

const tlsServers = (plan: HarborPlan, names: string): string => `server {
    listen 8443 ssl default_server;
    server_name ${names};
${indent(serverTls(FRONT_TLS))}    add_header Strict-Transport-Security "max-age=31536000" always;
${indent(routes(plan))}}
server {
    listen 8080 default_server;
    server_name ${names};
${indent(HEALTH)}    location / {
        return 301 https://$host$request_uri;
    }
}
`;

const routes = (plan: HarborPlan): string => `add_header X-Frame-Options DENY always;
add_header Content-Security-Policy "frame-ancestors 'none'" always;
client_max_body_size 0;
proxy_http_version 1.1;
# A node whose Harbor is away must soon ask the next.
proxy_connect_timeout 3s;
proxy_buffering off;
proxy_request_buffering off;
proxy_set_header Host $http_host;
proxy_set_header Connection "";
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $forwarded_proto;
${forwarded(plan) === 'https' ? 'proxy_cookie_flags ~ secure;\n' : ''}${verify(plan)}${HEALTH}${CLOSED}${['/api/', '/service/', '/c/'].map((path) => location(path, 'core', plan.core)).join('')}${location('/v2/', 'core', plan.core, `${refuse(plan)}${READS}${LONG}`)}${location('@reads', 'core', plan.core, `${LONG}proxy_read_timeout ${READ_SECONDS}s;\n`)}${location('/', 'portal', plan.portal)}`;

/** What reads goes another way: a Harbor that says nothing at all must be passed over in time. */
const READS = `error_page 419 = @reads;
if ($request_method ~ ^(?:GET|HEAD)$) {
    return 419;
}
proxy_read_timeout 900s;
`;

/** Layers of many gigabytes over slow lines, and uploads that the store takes its time to put together. */
const LONG = `proxy_send_timeout 900s;
client_body_timeout 900s;
send_timeout 900s;
`;

const location = (path: string, name: string, endpoint: Endpoint, more = ''): string => `location ${path} {
    proxy_pass ${endpoint.scheme}://${name};
${endpoint.scheme === 'https' ? `    proxy_ssl_name ${endpoint.host};\n` : ''}${indent(more)}}
`;

const verify = (plan: HarborPlan): string =>
  plan.internalTls.type === 'none'
    ? ''
    : `proxy_ssl_verify on;
proxy_ssl_verify_depth 3;
proxy_ssl_trusted_certificate ${INTERNAL_CA}/ca.crt;
proxy_ssl_server_name on;
proxy_ssl_protocols TLSv1.2 TLSv1.3;
`;
