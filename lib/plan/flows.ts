/** A party of a flow. NetworkPolicies, cloud security rules and the firewall table all come from these. */
export type Party =
  /** Pods of one component: `namespace` and the labels that select them. */
  | {
      readonly kind: 'pods';
      readonly namespace: string;
      readonly component: string;
      readonly labels: Readonly<Record<string, string>>;
    }
  /** Everything in the cluster's nodes themselves: kubelet, containerd, a load balancer that keeps the node's address. */
  | { readonly kind: 'nodes' }
  /** Networks by address, such as a load balancer's clients. */
  | { readonly kind: 'networks'; readonly cidrs: readonly string[]; readonly name: string }
  /** A service outside the cluster, by name: an address is not known while planning, so only the port is narrowed. */
  | { readonly kind: 'external'; readonly host: string; readonly name: string };

/** Who may talk to whom on which port, and why. */
export interface Flow {
  readonly from: Party;
  readonly to: Party;
  /** TCP or UDP port that the receiving party listens on (the pod's own port, not its Service's). */
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** Why it is needed, for the report: `image layers`, `preheat notifications`. */
  readonly purpose: string;
}

/** The name of a party as it stands in a table. */
export function partyName(party: Party): string {
  switch (party.kind) {
    case 'pods':
      return `${party.namespace}/${party.component}`;
    case 'nodes':
      return 'nodes';
    default:
      return party.name;
  }
}

/** A flow over TCP. */
export const tcp = (from: Party, to: Party, port: number, purpose: string): Flow => ({
  from,
  to,
  port,
  protocol: 'TCP',
  purpose,
});

/** Whoever has a route there, inside or outside the cluster. */
export const anyone = (name: string): Party => ({ kind: 'external', host: '*', name });
