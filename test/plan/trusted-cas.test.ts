import { Cache } from '../../lib/plan/cache';
import { Database } from '../../lib/plan/database';
import { planHarbor } from '../../lib/plan/harbor';
import { SharedStorage } from '../../lib/plan/storage';
import { trustedCaName, trustedCas } from '../../lib/plan/trusted-cas';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const nas = { domain: 'registry.example.com', storage: SharedStorage.nas({ claim: 'a' }) };

describe('trustedCas', () => {
  it('names one file for each service with a private CA', () => {
    const database = Database.external({ host: 'pg', passwordSecret: 'pg', ca: PEM });
    const cache = Cache.external({ host: 'redis', tls: true, ca: PEM });
    const storage = SharedStorage.s3({ bucket: 'abc', region: 'x', endpoint: 'https://s3.example.com', ca: PEM });
    expect(trustedCas(planHarbor({ ...nas, database }))).toEqual({ 'database.crt': PEM });
    expect(trustedCas(planHarbor({ ...nas, cache }))).toEqual({ 'cache.crt': PEM });
    const two = Cache.external({ host: 'redis', core: { host: 'core', tls: true, ca: PEM } });
    expect(trustedCas(planHarbor({ ...nas, cache: two }))).toEqual({ 'cache-of-core.crt': PEM });
    expect(trustedCas(planHarbor({ ...nas, storage }))).toEqual({ 'storage.crt': PEM });
    const swift = SharedStorage.swift({
      authUrl: 'https://keystone.example.com/v3',
      username: 'harbor',
      domain: 'Default',
      container: 'images',
      credentialsSecret: 'swift',
      ca: PEM,
    });
    expect(trustedCas(planHarbor({ ...nas, storage: swift }))).toEqual({ 'storage.crt': PEM });
    expect(trustedCas(planHarbor(nas))).toEqual({});
    expect(trustedCaName('team')).toBe('team-trusted-ca');
  });
});
