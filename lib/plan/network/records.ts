import { isIpv4, looksLikeAddress } from '../address-rules.js';

/** What a record leads to. Addresses are known when deployed. */
export interface RecordTarget {
  readonly region: string;
  readonly kind: 'harbor' | 'kraken-origin' | 'kraken-build-index' | 'database';
  /** Name of the Harbor or Kraken that it belongs to. */
  readonly instance: string;
  /** Where the target is a name already, such as that of a database server. */
  readonly host?: string;
}

/** A DNS record to make. */
export interface RecordPlan {
  readonly name: string;
  /** `private` ones exist in the region's own network, and are forwarded to from those that reach it. */
  readonly scope: 'public' | 'private';
  /** Zone of a private one: the region's own name. Public ones go into whichever zone holds them. */
  readonly zone?: string;
  readonly target: RecordTarget;
  readonly ttlSeconds: number;
  /** Of a name with several targets. */
  readonly routing?:
    | { readonly policy: 'failover' /** 1 is asked first. */; readonly order: number }
    | { readonly policy: 'latency' /** The cloud's region, or the place given. */; readonly place: string };
  /** Name of the health check that must pass. */
  readonly healthCheck?: string;
}

/** A name that other regions ask for. */
export interface PrivateRecord extends RecordPlan {
  readonly scope: 'private';
  /** The region's own name. */
  readonly zone: string;
}

/** Records of a topology. */
export interface PlannedRecords {
  readonly records: readonly RecordPlan[];
}

/** What a name answers, as DNS writes it. */
export interface Answer {
  readonly type: 'A' | 'CNAME';
  /** IPv4 addresses, or one host name without a dot at its end. */
  readonly values: readonly string[];
}

/** What a name answers that leads to IPv4 addresses or one host name; nothing where it leads to neither. */
export function answerWith(values: readonly string[]): Answer | undefined {
  const [first = '', ...more] = values;
  if (first !== '' && values.every(isIpv4)) return { type: 'A', values };
  const host = first.replace(/[.]$/, '');
  return host === '' || more.length > 0 || looksLikeAddress(host) ? undefined : { type: 'CNAME', values: [host] };
}
