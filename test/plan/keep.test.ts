import { isKept, kept } from '../../lib/plan/keep';

describe('kept', () => {
  it('marks an object for kubectl, Argo CD and Helm, and keeps what was there', () => {
    expect(kept({ name: 'data', labels: { a: 'b' } })).toEqual({
      name: 'data',
      labels: { a: 'b', 'harbor-fleet/keep': 'true' },
      annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'helm.sh/resource-policy': 'keep' },
    });
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
