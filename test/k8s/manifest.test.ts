import { Lazy } from 'cdk8s';
import { API_VERSIONS, manifest } from '../../lib/k8s/manifest';
import { synth } from '../../lib/testing';

describe('manifest', () => {
  it('writes what the API server would keep, so that an apply finds no difference', () => {
    const [claim] = synth((chart) => {
      manifest(chart, 'claim', 'PersistentVolumeClaim', {
        metadata: { name: 'data', annotations: {} },
        spec: { accessModes: [], resources: { requests: { storage: '1024Mi' } } },
      });
    });
    expect(claim).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', labels: undefined },
      spec: { resources: { requests: { storage: '1Gi' } } },
    });
  });

  it('leaves empty maps that mean something, and values that come at synthesis', () => {
    const objects = synth((chart) => {
      manifest(chart, 'deny', 'NetworkPolicy', {
        metadata: { name: 'deny' },
        spec: { podSelector: {}, policyTypes: Lazy.any({ produce: () => ['Ingress'] }) as string[] },
      });
    });
    expect(objects[0]?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress'] });
  });

  it('knows the version of every kind', () => {
    for (const version of Object.values(API_VERSIONS)) expect(version).toMatch(/^([a-z0-9.-]+\/)?v1$/);
  });
});
