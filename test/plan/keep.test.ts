import { isKept, kept, keptTemplate } from '../../lib/plan/keep';

describe('kept', () => {
  const MARKED = {
    name: 'data',
    labels: { a: 'b', 'harbor-fleet/keep': 'true' },
    annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'helm.sh/resource-policy': 'keep' },
  };

  it('marks an object for kubectl, Argo CD, Flux and Helm, and keeps what was there', () => {
    expect(kept({ name: 'data', labels: { a: 'b' } })).toEqual({
      ...MARKED,
      annotations: { ...MARKED.annotations, 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
    });
  });

  it('marks a template of claims as in every version before: Kubernetes lets nobody change it', () => {
    expect(keptTemplate({ name: 'data', labels: { a: 'b' } })).toEqual(MARKED);
  });
});

describe('isKept', () => {
  it.each([
    [kept({}), true],
    [{ annotations: { 'helm.sh/resource-policy': 'keep' } }, true],
    [{ labels: { 'harbor-fleet/keep': 'false' }, annotations: {} }, false],
    [{}, false],
  ])('of %j is %p', (metadata, expected) => expect(isKept(metadata)).toBe(expected));
});
