import type { KrakenPlan } from '../../plan/kraken.js';
import { TLS_NAME } from '../../plan/kraken-certificates.js';

/** Where Kraken keeps everything that may be lost. */
export const CACHE_PATH = '/var/cache/kraken';
export const TLS_PATH = '/etc/kraken/tls';
export const CA_PATH = '/etc/kraken/trusted-ca';

/** Logs to the pod's own output: Kraken has no log rotation. Without an encoder its logger panics, so all is said. */
export const ZAP = {
  level: 'info',
  encoding: 'console',
  disableStacktrace: true,
  outputPaths: ['stdout'],
  errorOutputPaths: ['stderr'],
  encoderConfig: {
    messageKey: 'message',
    levelKey: 'level',
    timeKey: 'ts',
    levelEncoder: 'capital',
    timeEncoder: 'iso8601',
    durationEncoder: 'seconds',
    callerEncoder: 'short',
  },
} as const;

/** TLS of a component. Kraken has it on unless both sides are switched off; an agent's registry port stays plain, for its node only. */
export function tlsConfig(plan: KrakenPlan, server: boolean): object {
  if (plan.tlsSecret === undefined) return { client: { disabled: true }, server: { disabled: true } };
  const cert = { path: `${TLS_PATH}/tls.crt` };
  const key = { path: `${TLS_PATH}/tls.key` };
  return {
    name: TLS_NAME,
    cas: [{ path: `${TLS_PATH}/ca.crt` }],
    client: { cert, key },
    // The server wants the file of a passphrase to exist, even when the key has none.
    server: server ? { cert, key, passphrase: { path: '/dev/null' } } : { disabled: true },
  };
}

/** The nginx that a component starts in front of itself. */
export const nginx = (name: string): object => ({
  name: `kraken-${name}`,
  cache_dir: `${CACHE_PATH}/nginx`,
  stdout_log_path: '/dev/stdout',
  access_log_path: '/dev/stdout',
  error_log_path: '/dev/stderr',
});

/** A listener that only the component's own nginx reaches: a TCP port, because a socket file left by a killed process stops the next one. */
export const loopback = (port: number): object => ({ net: 'tcp', addr: `127.0.0.1:${port}` });

/** A list of hosts that never changes while they run. */
export const staticList = (hosts: readonly string[], port: number): readonly string[] =>
  hosts.map((host) => `${host}:${port}`);

/** Limits of what a peer sends and receives. */
export const bandwidth = (plan: KrakenPlan, peer: 'agent' | 'origin'): object => ({
  enable: true,
  egress_bits_per_sec: plan.bandwidth[peer].egressBits,
  ingress_bits_per_sec: plan.bandwidth[peer].ingressBits,
});

/** Namespaces of Kraken (repositories in Harbor's words) that its backends may be asked for, as a regular expression. */
export const namespacePattern = (plan: Pick<KrakenPlan, 'projects'>): string =>
  plan.projects === 'all' ? '.*' : `^(${plan.projects.map(literal).join('|')})/.*`;

/** A project's name inside a regular expression: of its characters only the dot means something there. */
const literal = (project: string): string => project.replaceAll('.', '\\.');
