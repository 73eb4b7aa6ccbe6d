/** The part of an object's metadata that marks are added to. */
interface Markable {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The label of objects that outlive the rest: `kubectl delete -l 'harbor-fleet/keep!=true'` leaves them. */
const KEEP_LABEL = { 'harbor-fleet/keep': 'true' } as const;

/**
 * Adds what marks a claim in a StatefulSet's template. Its marks can never change, for Kubernetes changes no such template; Flux prunes nothing that
 * a StatefulSet made.
 */
export const keptTemplate = <M extends Markable>(metadata: M) => ({
  ...metadata,
  labels: { ...metadata.labels, ...KEEP_LABEL },
  annotations: {
    ...metadata.annotations,
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
    'helm.sh/resource-policy': 'keep',
  },
});

/** Adds what marks an object whose data must outlive it: Argo CD, Flux, Helm and a delete by label leave it when the rest goes. */
export const kept = <M extends Markable>(metadata: M) => {
  const marked = keptTemplate(metadata);
  return { ...marked, annotations: { ...marked.annotations, 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } };
};

/** Whether an object is marked to outlive the rest: by {@link kept}, or as Helm's charts do. */
export const isKept = ({ labels, annotations }: Markable): boolean =>
  labels?.['harbor-fleet/keep'] === 'true' || annotations?.['helm.sh/resource-policy'] === 'keep';
