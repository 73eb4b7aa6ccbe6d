import type { KrakenPlan } from '../../plan/kraken.js';
import { INTERNAL_PORTS } from '../../plan/kraken-limits.js';
import { MAP_HASH, mapKey, nginxMap, READ_SECONDS } from '../nginx.js';
import { CA_PATH, CACHE_PATH } from './common.js';

/**
 * The loopback proxy to Harbor. Kraken's own registry client sends neither credentials over plain HTTP nor an Accept header, without
 * which a registry answers 404 for OCI manifests; so the nginx of the same pod adds both, and lets through only reads of
 * projects that peers may serve.
 */
type Registry = NonNullable<KrakenPlan['registry']>;

/** Where Kraken's backends find it: blobs in origins, tags in build-indexes. */
export const BLOB_SHIM = `127.0.0.1:${INTERNAL_PORTS.blobShim}`;
export const TAG_SHIM = `127.0.0.1:${INTERNAL_PORTS.tagShim}`;

/** Every manifest that nodes may ask for; Kraken's own client sends no such list with a digest. */
const ACCEPT = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.artifact.manifest.v1+json',
  '*/*',
].join(', ');

/** How Harbor is reached: included wherever something is passed on. */
export function shimUpstream(plan: Pick<KrakenPlan, 'registry'>): string {
  const { registry } = plan;
  if (registry === undefined) return '';
  const { core } = registry;
  return `proxy_pass ${core.scheme}://${core.host}:${core.port};
proxy_set_header Host ${core.host}:${core.port};
include /etc/kraken/registry-account/auth.conf;
proxy_set_header Accept "${ACCEPT}";
proxy_http_version 1.1;
proxy_set_header Connection "";
# A redirect to object storage must reach Kraken as it is.
proxy_redirect off;
proxy_connect_timeout 3s;
${core.scheme === 'https' ? upstreamTls(registry) : ''}`;
}

const upstreamTls = ({ core, ca }: Registry): string => `proxy_ssl_server_name on;
proxy_ssl_name ${core.host};
proxy_ssl_protocols TLSv1.2 TLSv1.3;
proxy_ssl_verify on;
proxy_ssl_verify_depth 4;
proxy_ssl_trusted_certificate ${ca === undefined ? '/etc/ssl/certs/ca-certificates.crt' : `${CA_PATH}/registry.crt`};
`;

/** What Harbor says to forbid caching, and the session cookie that it sets on every answer. */
const CACHEABLE = `proxy_ignore_headers Cache-Control Expires Set-Cookie Vary X-Accel-Expires;
    proxy_hide_header Set-Cookie;`;

/**
 * Blobs, and manifests by digest, for origins. That a blob exists is remembered for a minute: an origin asks on every poll of
 * every node while it fetches a blob, and one whose question is on its way when the fetch ends fetches the blob once more.
 */
export function blobShim(plan: Pick<KrakenPlan, 'projects'>): string {
  return `proxy_cache_path ${CACHE_PATH}/known-blobs levels=1:2 keys_zone=known_blobs:10m max_size=64m inactive=1m use_temp_path=off;
${served(plan)}map $request_method $not_a_question {
  HEAD "";
  default 1;
}
${server(
  BLOB_SHIM,
  `
  location ~ "^/v2/(?<project>[^/]+)/.+/(?:blobs|manifests)/sha256:[0-9a-f]{64}$" {
    limit_except GET { deny all; }${refuse(plan)}
    proxy_cache known_blobs;
    proxy_cache_key $request_method$uri;
    proxy_cache_convert_head off;
    proxy_cache_bypass $not_a_question;
    proxy_no_cache $not_a_question;
    proxy_cache_valid 200 1m;
    ${CACHEABLE}
    # Layers go from Harbor to Kraken without a stop on this disk.
    proxy_max_temp_file_size 0;
    # Of a Harbor that says nothing at all the node must hear in time to ask another region's.
    proxy_read_timeout ${READ_SECONDS}s;
    include /etc/kraken/shim/upstream.conf;
  }`,
)}`;
}

/**
 * Manifests by tag, for build-indexes. The last answer of each is kept for a week since it was last asked for, and given out
 * when Harbor does not answer: images that peers hold can then still be pulled by tag.
 */
export function tagShim(plan: Pick<KrakenPlan, 'projects'>): string {
  return `proxy_cache_path ${CACHE_PATH}/remembered-tags levels=1:2 keys_zone=remembered_tags:10m max_size=512m inactive=7d use_temp_path=off;
${served(plan)}${server(
  TAG_SHIM,
  `
  location ~ "^/v2/(?<project>[^/]+)/.+/manifests/[^/]+$" {
    limit_except GET { deny all; }${refuse(plan)}
    proxy_cache remembered_tags;
    proxy_cache_key $uri;
    # Two seconds merge what many nodes ask at once; a tag that was moved is seen as soon as nginx in front of Kraken asks again.
    proxy_cache_valid 200 2s;
    proxy_cache_lock on;
    proxy_cache_use_stale error timeout invalid_header http_429 http_500 http_502 http_503 http_504;
    ${CACHEABLE}
    proxy_read_timeout 5s;
    include /etc/kraken/shim/upstream.conf;
  }`,
)}`;
}

/** A map of the projects that peers may serve. */
const served = ({ projects }: Pick<KrakenPlan, 'projects'>): string =>
  projects === 'all'
    ? ''
    : `${MAP_HASH}${nginxMap(
        '$project',
        '$is_served',
        projects.map((project) => `${mapKey(project)} 1;`),
      )}`;

const refuse = ({ projects }: Pick<KrakenPlan, 'projects'>): string =>
  projects === 'all' ? '' : '\n    if ($is_served = "") { return 404; }';

const server = (
  address: string,
  locations: string,
): string => `log_format shim '{"shim":"$request_method","uri":"$request_uri","status":$status,"body_bytes":$body_bytes_sent,"time":$request_time}';
server {
  listen ${address};
  access_log /dev/stdout shim;
  error_log /dev/stderr;
${locations}

  location / { return 404; }
}
`;
