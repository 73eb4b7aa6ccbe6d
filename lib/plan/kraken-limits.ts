import type { KrakenPorts, PeerBandwidthPlan } from './kraken.js';
import { type Bandwidth, bitsPerSecond, bytes, type Size } from './quantities.js';
import type { Reader } from './reader.js';

/** Ports as in Kraken's own examples. */
const KRAKEN_PORTS: KrakenPorts = {
  agent: 16000,
  agentPeer: 16001,
  agentServer: 16002,
  originPeer: 15001,
  origin: 15002,
  tracker: 15003,
  buildIndex: 15004,
  proxy: 15000,
  notification: 15005,
  testfs: 14000,
};

/** Ports that only a pod itself sees, on its loopback address: Kraken behind its nginx, and the proxy to Harbor. */
export const INTERNAL_PORTS = {
  blobShim: 5001,
  tagShim: 5002,
  proxyRegistry: 25000,
  origin: 25002,
  tracker: 25003,
  buildIndex: 25004,
  proxyOverride: 25010,
  agent: 26000,
} as const;

const EGRESS: Bandwidth = '1.6Gbit/s';
const INGRESS: Bandwidth = '2.4Gbit/s';
const PIECE_LENGTH: Size = '1Mi';
/** A piece shorter than this is more message than data; one longer than this waits more than four minutes for its timeout. */
const [SHORTEST, LONGEST] = [bytes('256Ki'), bytes('64Mi')];

/** Reads ports, and records one that stands for two things. */
export function readPorts(reader: Reader, key: string): KrakenPorts {
  const given = reader.child(key).only(...Object.keys(KRAKEN_PORTS));
  const ports: Record<string, number> = {};
  const takenBy = new Map<number, string>(Object.entries(INTERNAL_PORTS).map(([name, port]) => [port, `its ${name}`]));
  for (const [name, fallback] of Object.entries(KRAKEN_PORTS)) {
    // Below 1024 a pod would need a capability that the restricted profile denies.
    const port = given.count(name, 1024, 65_535) ?? fallback;
    const holder = takenBy.get(port);
    if (holder !== undefined) {
      const allowed = 'a port that Kraken uses for nothing else';
      reader.issues.error(given.at(name), `is the port of ${holder} too`, port, allowed, `set ${name} to another port`);
    }
    takenBy.set(port, name);
    ports[name] = port;
  }
  if (ports.agent !== undefined && ports.agent >= 30_000 && ports.agent <= 32_767) {
    reader.issues.warning(
      given.at('agent'),
      'is in the range that Kubernetes gives to NodePort Services',
      ports.agent,
      'a port outside of 30000 to 32767',
      'use the default, 16000',
    );
  }
  return ports as unknown as KrakenPorts;
}

/** Reads the length of pieces by size of the blob, in bytes, shortest blobs first. */
export function readPieceLengths(reader: Reader, key: string): { readonly from: number; readonly length: number }[] {
  const allowed = 'a size from 256Ki to 64Mi, such as "1Mi"';
  if (!Array.isArray(reader.raw(key))) {
    return [{ from: 0, length: bytes(reader.quantity<Size>(key, bytes, allowed, SHORTEST, LONGEST) ?? PIECE_LENGTH) }];
  }
  const steps = reader.items(key).map((step) => {
    step.only('from', 'length');
    for (const name of ['from', 'length']) if (!step.has(name)) step.missing(name, 'a size such as "1Mi"');
    return {
      from: bytes(step.quantity<Size>('from', bytes, 'a size such as "2Gi"', 0) ?? '0Mi'),
      length: bytes(step.quantity<Size>('length', bytes, allowed, SHORTEST, LONGEST) ?? PIECE_LENGTH),
    };
  });
  const rising = steps.every((step, i) => (i === 0 ? step.from === 0 : step.from > (steps[i - 1]?.from ?? 0)));
  if (steps.length === 0 || !rising) {
    reader.issues.error(
      reader.at(key),
      'does not cover every size once',
      reader.raw(key),
      'steps in rising order, the first from "0Mi"',
      'write [{ from: "0Mi", length: "1Mi" }, { from: "2Gi", length: "4Mi" }]',
    );
  }
  return steps;
}

/** Reads what one pod may send and receive; it must be able to take the longest piece within a second. */
export function readBandwidth(
  reader: Reader,
  key: string,
  pieceLengths: readonly { readonly length: number }[],
): Readonly<Record<'agent' | 'origin', PeerBandwidthPlan>> {
  const bandwidth = reader.child(key).only('agent', 'origin');
  const least = 8 * Math.max(...pieceLengths.map(({ length }) => length), 0);
  const peer = (name: 'agent' | 'origin'): PeerBandwidthPlan => {
    const limits = bandwidth.child(name).only('egress', 'ingress');
    return {
      egressBits: readRate(limits, 'egress', EGRESS, least),
      ingressBits: readRate(limits, 'ingress', INGRESS, least),
    };
  };
  return { agent: peer('agent'), origin: peer('origin') };
}

// Kraken 0.1.27 reserves a whole piece at once; a limit that cannot hold one fails every piece, and the pull hangs silently.
function readRate(limits: Reader, key: 'egress' | 'ingress', fallback: Bandwidth, least: number): number {
  const allowed = 'a rate such as "100Mbit/s" or "2.5Gbit/s"';
  const bits = Math.floor(bitsPerSecond(limits.quantity<Bandwidth>(key, bitsPerSecond, allowed) ?? fallback));
  if (bits < least) {
    const enough = `${Math.ceil(least / 1e5) / 10}Mbit/s`;
    limits.issues.error(
      limits.at(key),
      'is too little for one piece a second: transfers would hang',
      limits.raw(key),
      `at least ${enough}, 8 × the longest piece`,
      `raise it to ${enough}, or shorten pieceLength`,
    );
  }
  return bits;
}
