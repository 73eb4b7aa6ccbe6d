import { defer } from '../../lib/plan/deferred';
import { type Flow, partyName } from '../../lib/plan/flows';
import type { HarborProps } from '../../lib/plan/harbor';
import { SharedStorage } from '../../lib/plan/storage';
import { known } from '../../lib/testing';
import { MEDIUM, plan, SMALL } from './harbors';

const lines = (flows: readonly Flow[]): string[] =>
  flows.map((flow) => `${partyName(flow.from)} > ${partyName(flow.to)}:${flow.port}`);
const flowsOf = (change: Partial<HarborProps> = {}, base: HarborProps = SMALL): string[] =>
  lines(plan(change, base).flows);

describe('flows', () => {
  it('of the smallest Harbor are exactly these', () => {
    expect(flowsOf()).toEqual([
      'clients > harbor/nginx:8443',
      'clients > harbor/nginx:8080',
      'harbor/nginx > harbor/core:8080',
      'harbor/nginx > harbor/portal:8080',
      'harbor/core > harbor/registry:5000',
      'harbor/core > harbor/registry:8080',
      'harbor/core > harbor/jobservice:8080',
      'harbor/core > harbor/portal:8080',
      'harbor/jobservice > harbor/core:8080',
      'harbor/jobservice > harbor/registry:5000',
      'harbor/jobservice > harbor/registry:8080',
      'harbor/core > harbor/database:5432',
      'harbor/jobservice > harbor/database:5432',
      'harbor/core > harbor/redis:6379',
      'harbor/jobservice > harbor/redis:6379',
      'harbor/registry > harbor/redis:6379',
      'harbor/core > internet:443',
      'harbor/jobservice > internet:443',
      'harbor/check > the public name:443',
      'harbor/check > harbor/nginx:8443',
    ]);
  });

  it('use the TLS ports between components, and reach scanner and metrics', () => {
    const flows = flowsOf({}, MEDIUM);
    for (const flow of [
      'harbor/nginx > harbor/core:8443',
      'harbor/core > harbor/registry:5443',
      'harbor/core > harbor/trivy:8443',
      'harbor/jobservice > harbor/trivy:8443',
      'harbor/trivy > harbor/core:8443',
      'harbor/trivy > internet:443',
      'harbor/exporter > harbor/core:8443',
      'harbor/exporter > PostgreSQL:5432',
      'harbor/exporter > Redis:6379',
      'Prometheus > harbor/core:8001',
      'Prometheus > harbor/registry:8001',
      'Prometheus > harbor/exporter:8001',
      'Prometheus > harbor/trivy:8443',
    ]) {
      expect(flows).toContain(flow);
    }
    expect(flows).not.toContain('clients > harbor/core:8443');
  });

  it('let whoever is redirected reach the bucket, and without a key the registry its identity', () => {
    const keyed = flowsOf({}, MEDIUM);
    for (const from of ['registry', 'core', 'jobservice', 'trivy', 'check']) {
      expect(keyed).toContain(`harbor/${from} > object store:443`);
    }
    expect(keyed).not.toContain('harbor/registry > instance metadata:80');
    const role = flowsOf({ storage: { type: 's3', bucket: 'images', region: 'eu-central-1' } }, MEDIUM);
    expect(role).toContain('harbor/registry > instance metadata:80');
    const through = flowsOf(
      { storage: { type: 's3', bucket: 'images', region: 'x', endpoint: 'https://minio.example.com:9000' } },
      MEDIUM,
    );
    expect(through).toContain('harbor/registry > object store:9000');
    expect(through).not.toContain('harbor/core > object store:9000');
  });

  it.each([
    [{ type: 'gcs', bucket: 'images' }, 'storage.googleapis.com'],
    [
      { type: 'azureBlob', accountName: 'images', container: 'harbor', credentialsSecret: 'a', redirect: false },
      'images.blob.core.windows.net',
    ],
    [
      { type: 'oss', bucket: 'images', region: 'oss-cn-hangzhou', accessKeyId: 'x', credentialsSecret: 'a' },
      'images.oss-cn-hangzhou-internal.aliyuncs.com',
    ],
    [
      {
        type: 'swift',
        authUrl: 'https://keystone.example.com:5000/v3',
        username: 'x',
        container: 'harbor',
        domain: 'Default',
        credentialsSecret: 'a',
      },
      'keystone.example.com',
    ],
  ] as const)('let the registry reach its store: %j', (storage, host) => {
    const store = plan({ storage }, MEDIUM).flows.find(
      (flow) => flow.from.kind === 'pods' && flow.from.component === 'registry' && flow.purpose === 'image layers',
    );
    expect(store?.to).toMatchObject({ kind: 'external', host });
  });

  it.each([
    [{}, '*', 443],
    [{ objectStoreUrl: 'https://swift.example.com:8080/v1/AUTH_x' }, 'swift.example.com', 8080],
    [{ objectStoreUrl: 'https://swift.example.com' }, 'swift.example.com', 443],
    [{ objectStoreUrl: defer('http://swift.example.com:8080') }, 'swift.example.com', 8080],
  ])('let the registry reach the objects of Swift, where Keystone will say: %j', (more, host, port) => {
    const storage = SharedStorage.swift({
      authUrl: 'https://keystone.example.com:5000/v3',
      username: 'x',
      container: 'harbor',
      credentialsSecret: 'a',
      domain: 'Default',
      ...more,
    });
    const layers = plan({ storage }, MEDIUM).flows.filter(({ purpose }) => purpose === 'image layers');
    expect(known(layers)).toMatchObject([
      { to: { kind: 'external', host: 'keystone.example.com' }, port: 5000 },
      { to: { kind: 'external', host }, port },
    ]);
  });

  it('begin at the Ingress controller, at its pods when they are known, or at the Gateway', () => {
    expect(flowsOf({ exposure: { type: 'ingress' } }).slice(0, 2)).toEqual([
      'ingress controller > harbor/core:8080',
      'ingress controller > harbor/portal:8080',
    ]);
    const controllerPods = { namespace: 'ingress', labels: { app: 'ingress-nginx' } };
    const [first] = plan({ exposure: { type: 'ingress', controllerPods } }).flows;
    expect(first?.from).toEqual({ kind: 'pods', component: 'ingress controller', ...controllerPods });
    expect(flowsOf({ exposure: { type: 'gateway', parentRefs: [{ name: 'gw' }] } })[0]).toBe(
      'Gateway > harbor/core:8080',
    );
  });

  it('of plain HTTP have no redirect, and the check asks the same port', () => {
    const flows = flowsOf({ tls: { type: 'none' } });
    expect(flows.filter((flow) => flow.startsWith('clients'))).toEqual(['clients > harbor/nginx:8080']);
    expect(flows).toContain('harbor/check > the public name:80');
    expect(flowsOf({ check: { enabled: false } }).join()).not.toContain('check');
  });

  it('reach core’s own server of the cache from core, and with the cache layer from jobservice', () => {
    const cache = { type: 'external', host: 'rest', core: { host: 'core', port: 10000 } } as const;
    const ofCore = (flows: readonly string[]) => flows.filter((flow) => flow.endsWith('Redis of core:10000'));
    const flows = flowsOf({ cache }, MEDIUM);
    expect(ofCore(flows)).toEqual(['harbor/core > Redis of core:10000']);
    expect(flows).toContain('harbor/core > Redis:6379');
    expect(ofCore(flowsOf({ cache, cacheLayer: true }, MEDIUM))).toEqual([
      'harbor/core > Redis of core:10000',
      'harbor/jobservice > Redis of core:10000',
    ]);
  });

  it('reach Sentinel and its servers, and the forward proxy', () => {
    const flows = flowsOf(
      {
        cache: { type: 'sentinel', hosts: ['a:26379', 'b:26379', 'c:26379'], masterSet: 'mymaster' },
        proxy: { http: 'http://proxy.example.com:3128', https: 'http://proxy.example.com:3128' },
      },
      MEDIUM,
    );
    expect(flows).toContain('harbor/registry > Redis with Sentinel:26379');
    expect(flows).toContain('harbor/registry > Redis with Sentinel:6379');
    expect(flows.filter((flow) => flow === 'harbor/core > proxy:3128')).toHaveLength(1);
  });

  it('let cert-manager prove to an ACME issuer that the domain is ours', () => {
    const tls = { type: 'certManager', issuer: 'letsencrypt' } as const;
    expect(flowsOf({ tls })).toContain('ACME issuer > harbor/acme-http01-solver:8089');
    expect(flowsOf().join()).not.toContain('acme');
  });

  it('lead the check back into the cluster, to the ports of the pods of a controller or Gateway', () => {
    const ports = (change: Partial<HarborProps>) =>
      plan(change)
        .flows.filter(({ from }) => from.kind === 'pods' && from.component === 'check')
        .map(({ port }) => port);
    expect(ports({ exposure: { type: 'ingress' } })).toEqual([443, 8443, 10443]);
    expect(ports({ exposure: { type: 'gateway', parentRefs: [{ name: 'gw' }] }, tls: { type: 'none' } })).toEqual([
      80, 8000, 8080, 10080,
    ]);
  });

  it('open more ports outside when asked: LDAP, another registry, a Service with another port than its pods', () => {
    const flows = flowsOf({ egressPorts: [636, 5000] }, MEDIUM);
    for (const name of ['core', 'jobservice', 'registry', 'trivy', 'exporter']) {
      expect(flows).toContain(`harbor/${name} > services outside:636`);
      expect(flows).toContain(`harbor/${name} > services outside:5000`);
    }
    expect(flowsOf({}, MEDIUM).join()).not.toContain('services outside');
  });

  it('reach a mirror of the vulnerability database by its own port', () => {
    const dbRepository = ['mirror.example.com:5000/trivy-db:2', 'mirror.example.com/trivy-db'];
    expect(flowsOf({ trivy: { dbRepository } }, MEDIUM)).toContain('harbor/trivy > vulnerability database:5000');
  });
});
