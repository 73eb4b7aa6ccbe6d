import type { TextRule } from './reader.js';

/** A Kubernetes object name that also serves as a DNS label (RFC 1123): Services, StatefulSets, namespaces. */
export const DNS_LABEL: TextRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  allowed: 'lower-case letters, digits and "-", beginning and ending with a letter or digit, at most 63 characters',
  maxLength: 63,
};

/** The name of a namespace. */
export const NAMESPACE: TextRule = { ...DNS_LABEL, known: true };

/** A full DNS name (RFC 1123) with at least two labels. */
export const DNS_NAME: TextRule = {
  pattern: /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  allowed: 'a DNS name in lower case with at least one dot, such as registry.example.com, at most 253 characters',
  maxLength: 253,
};

/** A Kubernetes object name (RFC 1123 subdomain): Secrets, ConfigMaps. */
export const OBJECT_NAME: TextRule = {
  pattern: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
  allowed: 'lower-case letters, digits, "-" and ".", at most 253 characters',
  maxLength: 253,
};

/** A region's name: it becomes a DNS label and a part of object names, so it stays short. */
export const REGION_NAME: TextRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  allowed: 'lower-case letters, digits and "-", beginning with a letter, at most 20 characters',
  maxLength: 20,
  known: true,
};

/** A Harbor project's name (goharbor/harbor: lower case, separators between alphanumerics). */
export const PROJECT_NAME: TextRule = {
  pattern: /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/,
  allowed: 'lower-case letters and digits, with single ".", "_" or "-" between them, at most 255 characters',
  maxLength: 255,
  known: true,
};

/** A host: a DNS name, a bare service name or an address, without scheme or port. */
export const HOST: TextRule = {
  pattern: /^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$/,
  allowed: 'a host name or an IPv4 address, without scheme and port',
  maxLength: 253,
};

/** Whether a host is a Service of its own cluster: another cluster's may be called the same. */
export const isClusterHost = (host: string): boolean => /\.(svc|svc\.cluster\.local|cluster\.local)$/i.test(host);

const HOST_AND_PORT = String.raw`(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?/)?`;
const PART = `[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*`;

/** Every image reference ends in a tag or a digest (https://github.com/distribution/reference). */
export const IMAGE: TextRule = {
  pattern: new RegExp(
    String.raw`^${HOST_AND_PORT}${PART}(?:/${PART})*(?::\w[\w.-]{0,127}(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$`,
  ),
  allowed: 'an image reference with a tag or a digest, such as registry.example.com/tools/kraken:v0.1.27',
};
