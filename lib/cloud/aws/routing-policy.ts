import type { RecordArgs } from '@pulumi/aws/route53';
import type { CommonName, PublicHarbor } from '../public-names.js';

/** Where the answer of one Harbor stands, and when Route 53 gives it. */
export interface RoutedAnswer {
  readonly name: string;
  readonly policy: Partial<RecordArgs>;
  /** The name behind which all later Harbors stand, where this one is not answered. */
  readonly next?: string;
}

/** The policy of an answer that is given while the first one is unhealthy, or of that first one. */
export const failover = (type: 'PRIMARY' | 'SECONDARY', setIdentifier: string): Partial<RecordArgs> => ({
  setIdentifier,
  failoverRoutingPolicies: [{ type }],
});

/**
 * The place of a Harbor under its common name. Route 53 fails over between two answers: a Harbor, and a name behind which the next one
 * stands in the same way. So a region that joins or leaves moves no record of another.
 */
export function routed({ name, harbors }: CommonName, harbor: PublicHarbor): RoutedAnswer {
  const { region, routing } = harbor;
  if (routing === undefined) return { name, policy: {} };
  if (routing.policy === 'latency') {
    return { name, policy: { setIdentifier: region, latencyRoutingPolicies: [{ region: routing.place }] } };
  }
  const step = (one: PublicHarbor): string => (one === harbors[0] ? name : `_failover-${one.region}.${name}`);
  const later = harbors[harbors.indexOf(harbor) + 1];
  return { name: step(harbor), policy: failover('PRIMARY', region), next: later && step(later) };
}
