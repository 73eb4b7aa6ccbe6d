import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  authorityPem,
  certificateProblem,
  createAuthority,
  issue,
  readAuthority,
} from '../../lib/secrets/certificates.js';
import { fixedSource } from './fixtures.js';

const source = fixedSource();
const authority = createAuthority('registry.example.com', source);
const request = {
  commonName: 'harbor-core',
  names: ['harbor-core', 'harbor-core.harbor.svc.cluster.local', '127.0.0.1'],
};
const leaf = issue(authority, request, source);
const ca = new X509Certificate(authority.certificate);
const certificate = new X509Certificate(leaf['tls.crt']);
const days = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

describe('the private CA', () => {
  it('is a CA that signed itself, named after the domain, for ten years', () => {
    expect(ca.ca).toBe(true);
    expect(ca.subject).toBe('CN=harbor-fleet CA registry.example.com');
    expect(ca.verify(ca.publicKey)).toBe(true);
    expect(Math.floor(days(ca.validFrom, ca.validTo))).toBe(3650);
  });

  it('is read back from its file', () => {
    expect(readAuthority(authorityPem(authority), 'registry.example.com')).toEqual(authority);
    expect(readAuthority(authorityPem(authority).replaceAll('\n', '\r\n'), 'registry.example.com')).toEqual(
      expect.objectContaining({ certificate: expect.stringContaining('BEGIN CERTIFICATE') }),
    );
  });

  it.each([
    ['another domain', authorityPem(authority), 'other.example.com', /^it is "CN=.*registry.example.com", not "CN=/],
    ['a leaf certificate', `${leaf['tls.crt']}${leaf['tls.key']}`, 'registry.example.com', /do not belong together/],
    ['a foreign key', `${authority.certificate}${leaf['tls.key']}`, 'registry.example.com', /do not belong together/],
    ['no PEM', 'hello', 'registry.example.com', /does not hold/],
  ])('is refused when its file holds %s', (_, text, domain, why) => {
    expect(readAuthority(text, domain)).toMatch(why);
  });
});

describe('a certificate', () => {
  it('is signed by the CA and belongs to its unencrypted PKCS#8 key', () => {
    expect(certificate.checkIssued(ca)).toBe(true);
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(leaf['tls.key']).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(certificate.checkPrivateKey(createPrivateKey(leaf['tls.key']))).toBe(true);
    expect(leaf['ca.crt']).toBe(authority.certificate);
  });

  it('serves its names and addresses, as server and as client, and is no CA', () => {
    expect(certificate.checkHost('harbor-core.harbor.svc.cluster.local')).toBe('harbor-core.harbor.svc.cluster.local');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('harbor-portal')).toBeUndefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect(certificate.ca).toBe(false);
  });

  it('lives at most the 825 days that clients accept, from a little before now', () => {
    expect(days(certificate.validFrom, certificate.validTo)).toBeLessThan(825);
    expect(Date.parse(certificate.validFrom)).toBe(Date.parse('2026-11-21T11:00:00Z'));
  });

  it('has a common name within the 64 characters of X.509', () => {
    const long = `${'a'.repeat(60)}.harbor.svc.cluster.local`;
    const issued = new X509Certificate(issue(authority, { commonName: long, names: [long] }, source)['tls.crt']);
    expect(issued.subject).toBe(`CN=${long.slice(0, 64)}`);
    expect(issued.checkHost(long)).toBe(long);
  });
});

describe('certificateProblem', () => {
  const now = source.now();
  const other = createAuthority('registry.example.com', source);

  it('finds nothing wrong with what was just issued', () => {
    expect(certificateProblem(leaf, request, now)).toBeUndefined();
  });

  it.each([
    [
      'a name is lacking',
      leaf,
      { ...request, names: [...request.names, 'new', '10.0.0.1'] },
      now,
      'does not name new, 10.0.0.1',
    ],
    ['it ends soon', leaf, request, new Date('2029-01-25T00:00:00Z'), 'ends on 2029-02-18'],
    ['the key is another', { ...leaf, 'tls.key': other.privateKey }, request, now, 'belongs to another key'],
    ['the CA is another', { ...leaf, 'ca.crt': other.certificate }, request, now, 'was signed by another CA'],
    ['it is no certificate', { 'tls.crt': 'x' }, request, now, 'cannot be read'],
  ])('says so when %s', (_, found, wanted, at, problem) => {
    expect(certificateProblem(found, wanted, at)).toBe(problem);
  });
});
