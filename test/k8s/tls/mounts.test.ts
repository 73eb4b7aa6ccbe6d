import { internalTlsMount, trustMounts } from '../../../lib/k8s/tls/mounts';
import { TrustedCas } from '../../../lib/k8s/tls/trusted-cas';
import { Cache } from '../../../lib/plan/cache';
import { Database } from '../../../lib/plan/database';
import { SharedStorage } from '../../../lib/plan/storage';
import { Tls } from '../../../lib/plan/tls';
import { find, synth } from '../../../lib/testing';
import { contextOf, PEM, planOf } from '../harbor/plan-of';

const PUBLIC = Tls.existingSecret({ name: 'public' });
const SERVICES = {
  database: Database.external({ host: 'pg', passwordSecret: 'pg', ca: `${PEM}database` }),
  cache: Cache.external({ host: 'redis', tls: true, ca: `${PEM}cache` }),
  storage: SharedStorage.s3({ bucket: 'abc', region: 'x', endpoint: 'https://s3.example.com', ca: `${PEM}storage` }),
};

describe('internalTlsMount', () => {
  it('mounts the component’s own certificate where Harbor’s programs look for it', () => {
    expect(internalTlsMount(planOf({ internalTls: Tls.provided() }), 'registry')).toEqual({
      volumes: { 'internal-tls': { secret: { secretName: 'harbor-registry-internal-tls', defaultMode: 0o440 } } },
      mounts: [{ volume: 'internal-tls', path: '/etc/harbor/ssl/registry' }],
    });
  });

  it('mounts nothing without TLS between components', () => {
    expect(internalTlsMount(planOf(), 'core')).toEqual({ volumes: {}, mounts: [] });
  });
});

describe('trustMounts', () => {
  it('adds the CAs of the outside name and between components to those of the image', () => {
    const { volumes, mounts, env } = trustMounts(planOf({ internalTls: Tls.provided() }));
    expect(env).toEqual({ SSL_CERT_DIR: '/etc/pki/tls/certs:/harbor_cust_cert' });
    expect(mounts).toEqual([{ volume: 'trusted-ca', path: '/harbor_cust_cert' }]);
    expect(volumes).toEqual({
      'trusted-ca': {
        projected: {
          sources: [
            { configMap: { name: 'harbor-ca', items: [{ key: 'ca.crt', path: 'outside.crt' }] } },
            { configMap: { name: 'harbor-internal-ca', items: [{ key: 'ca.crt', path: 'internal.crt' }] } },
          ],
        },
      },
    });
  });

  it('adds the CAs of the services, and rolls pods when a known one changes', () => {
    const { volumes, configuration } = trustMounts(planOf({ ...SERVICES, tls: PUBLIC }));
    expect(volumes).toEqual({
      'trusted-ca': { projected: { sources: [{ configMap: { name: 'harbor-trusted-ca' } }] } },
    });
    expect(configuration).toEqual([`${PEM}database`, `${PEM}cache`, `${PEM}storage`]);
    expect(trustMounts(planOf({ tls: Tls.certManager({ issuer: 'x', ca: PEM }) })).configuration).toEqual([PEM]);
  });

  it('trusts what came with the component’s own certificate', () => {
    const plan = planOf({ tls: PUBLIC, internalTls: Tls.certManager({ issuer: 'ours', ca: PEM }) });
    expect(trustMounts(plan, { component: 'core' }).env).toEqual({
      SSL_CERT_DIR: '/etc/pki/tls/certs:/harbor_cust_cert:/etc/harbor/ssl/core',
    });
    expect(trustMounts(planOf({ tls: PUBLIC }), { component: 'core' }).env).toEqual({});
  });

  it('changes nothing where all is public, and knows images of another kind', () => {
    const nothing = { volumes: {}, mounts: [], env: {}, configuration: [] };
    expect(trustMounts(planOf({ tls: PUBLIC }))).toEqual(nothing);
    expect(trustMounts(planOf(), { system: '/etc/ssl/certs' }).env).toEqual({
      SSL_CERT_DIR: '/etc/ssl/certs:/harbor_cust_cert',
    });
  });
});

describe('TrustedCas', () => {
  const made = (props: Parameters<typeof planOf>[0]) => {
    const plan = planOf(props);
    return synth((chart) => new TrustedCas(chart, 'cas', plan, contextOf(plan)));
  };

  it('holds one key for each service with a private CA', () => {
    expect(find(made(SERVICES), 'ConfigMap', 'harbor-trusted-ca').data).toEqual({
      'database.crt': `${PEM}database`,
      'cache.crt': `${PEM}cache`,
      'storage.crt': `${PEM}storage`,
    });
  });

  it('is no object when all have public ones', () => {
    expect(made({})).toEqual([]);
  });
});
