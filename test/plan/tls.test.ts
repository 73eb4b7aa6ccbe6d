import { defer } from '../../lib/plan/deferred';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';
import { caOf, readTls, Tls } from '../../lib/plan/tls';
import { known } from '../../lib/testing';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';
const read = (tls: unknown) => {
  const issues = new Issues();
  const value = readTls(new Reader({ tls }, 'regions.a', issues), 'tls', Tls.none());
  return { value, all: issues.all, issues: issues.all.map((issue) => `${issue.path}: ${issue.problem}`) };
};

describe('readTls', () => {
  it.each([
    [Tls.existingSecret({ name: 'registry-tls', ca: PEM }), {}],
    [Tls.certManager({ issuer: 'letsencrypt' }), { issuerKind: 'ClusterIssuer' }],
    [Tls.certManager({ issuer: 'ours', issuerKind: 'Issuer', ca: PEM }), {}],
    [Tls.provided(), {}],
    [Tls.provided({ certificate: PEM, privateKey: defer(KEY), ca: PEM }), {}],
    [Tls.none(), { externalScheme: 'http' }],
    [Tls.none({ externalScheme: 'https' }), {}],
  ])('reads %p', (tls, defaults) => {
    const { value, issues } = read(tls);
    expect(issues).toEqual([]);
    expect(known(value)).toEqual(known({ ...tls, ...defaults }));
  });

  it('falls back when nothing is set', () => {
    expect(read(undefined)).toMatchObject({ value: { type: 'none' }, issues: [] });
  });

  it('refuses a private key in plain text, because it would land in the manifests', () => {
    const { issues, all } = read(Tls.provided({ certificate: PEM, privateKey: 'top secret' }));
    expect(issues).toEqual(['regions.a.tls.privateKey: is a plain text, which would land in the manifests']);
    expect(all[0]).toMatchObject({
      given: '(hidden)',
      fix: 'put certificate and key in a Secret of type kubernetes.io/tls, and use Tls.existingSecret({ name })',
    });
  });

  it('stops the deployment when a private key given late is none', () => {
    const tls = read(Tls.provided({ certificate: PEM, privateKey: defer('top secret') })).value;
    expect(() => known(tls)).toThrow(
      /tls\.privateKey: is not valid\n +given: +\(hidden\)\n +allowed: a private key in PEM/,
    );
  });

  it('refuses one half of a certificate, whichever it is', () => {
    expect(read({ type: 'provided', certificate: PEM }).issues).toEqual([
      'regions.a.tls: has only one half of a certificate',
    ]);
    expect(read({ type: 'provided', privateKey: defer('k') }).issues).toEqual([
      'regions.a.tls: has only one half of a certificate',
    ]);
  });

  it('refuses unknown types, a missing type and text that is not PEM', () => {
    expect(read({ type: 'acme' }).issues).toEqual(['regions.a.tls.type: is not one of the choices']);
    expect(read({ name: 'x' }).issues).toEqual(['regions.a.tls.type: is missing']);
    expect(read({ type: 'existingSecret', name: 'x', ca: 'nonsense' }).issues).toEqual([
      'regions.a.tls.ca: is not valid',
    ]);
  });
});

describe('caOf', () => {
  it.each([
    ['a public CA', Tls.existingSecret({ name: 'x' }), undefined],
    ['a private CA given as text', Tls.certManager({ issuer: 'x', ca: PEM }), { from: 'text', pem: PEM }],
    ['the topology’s own CA', Tls.provided(), { from: 'secrets' }],
    ['a provided certificate of a public CA', Tls.provided({ certificate: PEM, privateKey: 'x' }), undefined],
    ['no TLS', Tls.none(), undefined],
  ])('knows %s', (_case, tls, ca) => expect(caOf(tls)).toEqual(ca));
});
