import { createPrivateKey } from 'node:crypto';
import { compareSync } from 'bcryptjs';
import { systemSource } from '../../lib/secrets/source.js';
import {
  type Account,
  dockerConfig,
  htpasswd,
  htpasswdMatches,
  isRsaKey,
  nginxBasicAuth,
  password,
  rsaKey,
} from '../../lib/secrets/values.js';
import fc from '../support/properties';
import { fixedSource } from './fixtures.js';

describe('password', () => {
  it('has its length, only letters and digits, and one of each class', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 64 }), fc.integer(), (length, seed) => {
        const text = password(length, fixedSource(seed));
        expect(text).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`));
        expect(text).toMatch(/(?=.*[A-Z])(?=.*[a-z])(?=.*\d)/);
      }),
    );
  });

  it('comes from the source alone', () => {
    expect(password(16, fixedSource(7))).toBe(password(16, fixedSource(7)));
    expect(password(16, fixedSource(7))).not.toBe(password(16, fixedSource(8)));
    expect(password(32, systemSource)).not.toBe(password(32, systemSource));
  });

  it('refuses a length that has no room for the classes', () => {
    expect(() => password(2, fixedSource())).toThrow('cannot hold three kinds');
  });
});

describe('htpasswd', () => {
  const line = htpasswd('harbor_registry_user', 'Secret1', fixedSource());

  it('is one line with a bcrypt hash of the password', () => {
    expect(line).toMatch(/^harbor_registry_user:\$2b\$10\$[./A-Za-z0-9]{53}$/);
    expect(compareSync('Secret1', line.split(':')[1] ?? '')).toBe(true);
  });

  it('is recognised by user and password, and by nothing else', () => {
    expect(htpasswdMatches(`${line}\n`, 'harbor_registry_user', 'Secret1')).toBe(true);
    expect(htpasswdMatches(line, 'harbor_registry_user', 'Secret2')).toBe(false);
    expect(htpasswdMatches(line, 'other_user', 'Secret1')).toBe(false);
    expect(htpasswdMatches('harbor_registry_user:{SHA}abc', 'harbor_registry_user', 'Secret1')).toBe(false);
  });
});

it('nginxBasicAuth is a directive with the credentials in base64', () => {
  expect(nginxBasicAuth('robot$kraken', 'a:b')).toBe(
    'proxy_set_header Authorization "Basic cm9ib3Qka3Jha2VuOmE6Yg==";\n',
  );
});

describe('rsaKey', () => {
  it('is PKCS#1 of 2048 bits', () => {
    const pem = rsaKey(systemSource);
    expect(pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    expect(createPrivateKey(pem).asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(isRsaKey(pem)).toBe(true);
  });

  it('is told from what is not one', () => {
    expect(isRsaKey('-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n')).toBe(false);
  });
});

describe('dockerConfig', () => {
  const auth = (name: string) => ({
    username: name,
    password: 'Secret1',
    auth: Buffer.from(`${name}:Secret1`).toString('base64'),
  });

  const [newest, older] = ['ci-2', 'ci'].map((username) => ({ username, password: 'Secret1' })) as [Account, Account];

  it('names an account for each host', () => {
    expect(JSON.parse(dockerConfig(['a.example.com', 'b:444'], newest))).toEqual({
      auths: { 'a.example.com': auth('ci-2'), 'b:444': auth('ci-2') },
    });
  });

  it('names the previous account where all look, and the new one where only the kubelet does', () => {
    expect(JSON.parse(dockerConfig(['registry.example.com', 'b:444'], newest, older))).toEqual({
      auths: {
        'registry.example.com': auth('ci'),
        'b:444': auth('ci'),
        'registr*y.example.com': auth('ci-2'),
        '*b:444': auth('ci-2'),
      },
    });
  });

  it('lets the kubelet try the previous account first, then the new one', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
    const host = fc
      .tuple(fc.array(label, { minLength: 1, maxLength: 4 }), fc.option(fc.integer({ min: 1, max: 65535 })))
      .map(([labels, port]) => labels.join('.') + (port === null ? '' : `:${port}`));
    fc.assert(
      fc.property(fc.uniqueArray(host, { minLength: 1, maxLength: 4 }), (hosts) => {
        const config = dockerConfig(hosts, newest, older);
        for (const one of hosts) {
          const tried = asKubelet(config, one).filter(({ key }) => key.replace('*', '') === one);
          expect(tried.map(({ username }) => username)).toEqual(['ci', 'ci-2']);
        }
      }),
    );
  });

  /** Kubernetes 1.36, pkg/credentialprovider/keyring.go: keys in reverse order, each part between dots by Go's filepath.Match. */
  const asKubelet = (config: string, host: string) => {
    const { auths } = JSON.parse(config) as { auths: Record<string, { username: string }> };
    const parts = (name: string) => {
      const [, labels = '', port = ''] = /^([^:]*)(:\d+)?$/.exec(name) ?? [];
      return [...labels.split('.'), port];
    };
    const matches = (pattern: string) =>
      parts(pattern).length === parts(host).length &&
      parts(pattern).every((part, i) => new RegExp(`^${part.replace('*', '.*')}$`).test(parts(host)[i] ?? ''));
    const keys = Object.keys(auths).sort().reverse();
    return keys.filter(matches).map((key) => ({ key, username: auths[key]?.username }));
  };
});
