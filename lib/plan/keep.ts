/** The part of an object's metadata that marks are added to. */
interface Markable {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The label of objects that outlive the rest: `kubectl delete -l 'harbor-fleet/keep!=true'` leaves them. */
const KEEP_LABEL = { 'harbor-fleet/keep': 'true' } as const;

/** Adds what marks an object whose data must outlive it: Argo CD, Helm and a delete by label leave it when the rest goes. */
export const kept = <M extends Markable>(metadata: M) => ({
  ...metadata,
  labels: { ...metadata.labels, ...KEEP_LABEL },
  annotations: {
    ...metadata.annotations,
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
    'helm.sh/resource-policy': 'keep',
  },
});

/** Whether an object is marked to outlive the rest: by {@link kept}, or as Helm's charts do. */
export const isKept = ({ labels, annotations }: Markable): boolean =>
  labels?.['harbor-fleet/keep'] === 'true' || annotations?.['helm.sh/resource-policy'] === 'keep';
