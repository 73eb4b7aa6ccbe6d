import type { ComponentPlan } from '../../plan/components.js';
import { millicores } from '../../plan/quantities.js';
import { indent } from '../text.js';

/** Path where nginx itself answers, for probes and health checks of load balancers. */
export const HEALTH_PATH = '/healthz';

/** An nginx.conf that writes nowhere but below /tmp, with a worker for each core that its pod may use. */
export function nginxConf(resources: ComponentPlan['resources'], http: string): string {
  return `worker_processes ${Math.ceil(millicores(resources.cpuLimit) / 1000)};
pid /tmp/nginx.pid;
error_log stderr warn;

events {
    worker_connections 4096;
}

http {
    client_body_temp_path /tmp/client_body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;

    log_format timed '$remote_addr "$request" $status $body_bytes_sent "$http_user_agent" $request_time $upstream_response_time';
    access_log /dev/stdout timed;
    server_tokens off;
    # The ports of the pod are not those that clients use.
    absolute_redirect off;

${indent(http)}}
`;
}

/** How a server takes TLS: 1.2 and later, by its own certificate. */
export const serverTls = (folder: string): string => `ssl_certificate ${folder}/tls.crt;
ssl_certificate_key ${folder}/tls.key;
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
ssl_session_cache shared:tls:10m;
ssl_session_timeout 1h;
`;

/** The location that probes ask. */
export const HEALTH = `location = ${HEALTH_PATH} {
    access_log off;
    default_type text/plain;
    return 200 "ok\\n";
}
`;

/** Paths that no client may reach: the API of Docker's first registry, and the reports of jobs, which core takes from anyone. */
export const CLOSED_PATHS = ['/v1/', '/service/notifications'] as const;

/** Locations of the closed paths. */
export const CLOSED = CLOSED_PATHS.map((path) => `location ^~ ${path} {\n    return 404;\n}\n`).join('');
