import { TlsMaterial, type TlsMaterialProps } from '../../../lib/k8s/tls/tls-material';
import { caOf, Tls } from '../../../lib/plan/tls';
import { find, law, synth } from '../../../lib/testing';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const CONTEXT = { namespace: 'apps', instance: 'demo', application: 'harbor', version: '2.15.2' };
const CERTIFICATES = {
  core: { secret: 'demo-core-internal-tls', commonName: 'demo-core', names: ['demo-core', 'localhost', '127.0.0.1'] },
  registry: { secret: 'demo-registry-internal-tls', commonName: 'demo-registry', names: ['demo-registry'] },
};
const props = (tls: Tls, more: Partial<TlsMaterialProps> = {}): TlsMaterialProps => ({
  context: CONTEXT,
  tls,
  certificates: CERTIFICATES,
  ca: { configMap: 'demo-ca', source: caOf(tls) },
  ...more,
});
const objects = (tls: Tls, more: Partial<TlsMaterialProps> = {}) =>
  synth((chart) => new TlsMaterial(chart, 'tls', props(tls, more)));
const names = (tls: Tls, more: Partial<TlsMaterialProps> = {}) =>
  objects(tls, more).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

describe('TlsMaterial', () => {
  it('asks cert-manager for one certificate each, names and addresses apart', () => {
    const made = objects(Tls.certManager({ issuer: 'ours', issuerKind: 'Issuer' }));
    expect(made.map((object) => object.kind)).toEqual(['Certificate', 'Certificate']);
    expect(find(made, 'Certificate', 'demo-core-internal-tls')).toMatchObject({
      apiVersion: 'cert-manager.io/v1',
      metadata: { namespace: 'apps', labels: { 'app.kubernetes.io/component': 'core' } },
      spec: {
        secretName: 'demo-core-internal-tls',
        commonName: 'demo-core',
        dnsNames: ['demo-core', 'localhost'],
        ipAddresses: ['127.0.0.1'],
        usages: ['digital signature', 'server auth'],
        issuerRef: { name: 'ours', kind: 'Issuer', group: 'cert-manager.io' },
        privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8' },
      },
    });
    expect(find(made, 'Certificate', 'demo-registry-internal-tls').spec).not.toHaveProperty('ipAddresses');
  });

  it('asks for client certificates where clients show them', () => {
    const [certificate] = objects(Tls.certManager({ issuer: 'x' }), { client: true });
    expect(certificate?.spec).toMatchObject({
      usages: ['digital signature', 'server auth', 'client auth'],
      issuerRef: { kind: 'ClusterIssuer' },
    });
  });

  it('makes nothing where Secrets exist, come with the topology’s own secrets, or are not needed', () => {
    expect(names(Tls.existingSecret({ name: 'x' }))).toEqual([]);
    expect(names(Tls.provided())).toEqual([]);
    expect(names(Tls.provided({ certificate: PEM, privateKey: 'key' }))).toEqual([]);
    expect(names(Tls.none())).toEqual([]);
  });

  it('hands a known CA on, also beside Secrets that exist', () => {
    expect(
      find(objects(Tls.provided({ certificate: PEM, privateKey: 'key', ca: PEM })), 'ConfigMap', 'demo-ca'),
    ).toMatchObject({
      metadata: { namespace: 'apps' },
      data: { 'ca.crt': PEM },
    });
    expect(names(Tls.existingSecret({ name: 'x', ca: PEM }))).toEqual(['ConfigMap demo-ca']);
    expect(names(Tls.existingSecret({ name: 'x', ca: PEM }), { ca: undefined })).toEqual([]);
    const noName = { configMap: undefined, source: { from: 'text', pem: PEM } } as const;
    expect(names(Tls.existingSecret({ name: 'x', ca: PEM }), { ca: noName })).toEqual([]);
  });

  it('makes a Secret that components share once, and none for a component that does not run', () => {
    const shared = { origin: CERTIFICATES.core, tracker: CERTIFICATES.core, agent: undefined };
    expect(names(Tls.certManager({ issuer: 'x' }), { certificates: shared })).toEqual([
      'Certificate demo-core-internal-tls',
    ]);
  });

  it('keeps the law of late values', () => {
    const plain = props(Tls.certManager({ issuer: 'ours', ca: PEM }));
    const late = ['tls.issuer', 'tls.ca', 'certificates.core.secret', 'certificates.core.names.0', 'ca.source.pem'];
    const result = law(plain, late, (chart, marked) => {
      new TlsMaterial(chart, 'tls', marked);
    });
    expect(result.lifted).toEqual(result.plain);
  });
});
