import type { SecretPlan } from '../../lib/plan/secrets';
import { type GeneratedSecrets, generateSecrets, sharedValues } from '../../lib/secrets/generate';
import type { KnownValues } from '../../lib/secrets/objects';
import { systemSource } from '../../lib/secrets/source';
import { isRsaKey, rsaKey } from '../../lib/secrets/values';
import { fixedSource } from './fixtures';

const secret = (name: string, keys: SecretPlan['keys']): SecretPlan => ({
  namespace: 'harbor',
  name,
  objectKind: 'Secret',
  type: 'Opaque',
  keys,
  source: 'generated',
  keep: false,
  readers: [],
});
const ROBOT = secret('robots', { ci: { kind: 'shared', name: 'robot ci', length: 32 } });
const PULL = secret('pull', {
  '.dockerconfigjson': {
    kind: 'dockerConfig',
    hosts: ['registry.example.com'],
    username: 'robot$ci',
    passwordOf: { namespace: 'harbor', secret: 'robots', key: 'ci' },
  },
});
const generate = (secrets: readonly SecretPlan[], known: KnownValues, shared?: Map<string, string>): GeneratedSecrets =>
  generateSecrets({ domain: 'registry.example.com', secrets, known, authority: 'new', shared, source: fixedSource() });
const filled = ({ secrets }: GeneratedSecrets, name: string, key: string): string | undefined =>
  secrets.find(({ plan }) => plan.name === name)?.values[key];

describe('values that regions share', () => {
  it('are made once, and are the same in the next region', () => {
    const shared = new Map<string, string>();
    const first = filled(generate([ROBOT], new Map(), shared), 'robots', 'ci');
    expect(first).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(filled(generate([ROBOT], new Map(), shared), 'robots', 'ci')).toBe(first);
  });

  it('are taken from a region that has them, and put right where they differ', () => {
    const known: KnownValues = new Map([['harbor/robots', { ci: 'old' }]]);
    expect(sharedValues([ROBOT], known)).toEqual(new Map([['robot ci', 'old']]));
    expect(generate([ROBOT], known).made).toEqual([]);
    const { made, ...rest } = generate([ROBOT], known, new Map([['robot ci', 'of the first']]));
    expect(made).toEqual([{ secret: 'harbor/robots', key: 'ci', reason: 'is another one in another region' }]);
    expect(filled({ made, ...rest }, 'robots', 'ci')).toBe('of the first');
  });

  it('are keys too, of which one that is none counts nowhere', () => {
    const core = secret('core', { 'tls.key': { kind: 'sharedRsaKey', name: 'token key' } });
    const shared = new Map<string, string>();
    const first = filled(generate([core], new Map(), shared), 'core', 'tls.key') ?? '';
    expect(isRsaKey(first)).toBe(true);
    expect(filled(generate([core], new Map(), shared), 'core', 'tls.key')).toBe(first);

    const knows = (key: string): KnownValues => new Map([['harbor/core', { 'tls.key': key, more: 'kept' }]]);
    expect(generate([core], knows(first), shared).made).toEqual([]);
    const another = rsaKey(systemSource);
    const { made, secrets } = generate([core], knows(another), new Map([['token key', first]]));
    expect(made).toEqual([{ secret: 'harbor/core', key: 'tls.key', reason: 'is another one in another region' }]);
    expect(secrets[0]?.values).toEqual({ 'tls.key': first, more: 'kept' });

    expect(sharedValues([core], knows('no key'))).toEqual(new Map());
    expect(generate([core], knows('no key')).made).toEqual([
      { secret: 'harbor/core', key: 'tls.key', reason: 'is not an RSA private key' },
    ]);
  });

  it('stand in the pull Secrets, which follow them', () => {
    const known: KnownValues = new Map<string, Record<string, string>>([
      ['harbor/robots', { ci: 'Secret1' }],
      ['harbor/pull', { '.dockerconfigjson': '{}' }],
    ]);
    const made = generate([ROBOT, PULL], known);
    expect(made.made).toEqual([
      { secret: 'harbor/pull', key: '.dockerconfigjson', reason: 'does not match harbor/robots (key ci)' },
    ]);
    expect(JSON.parse(filled(made, 'pull', '.dockerconfigjson') ?? '')).toEqual({
      auths: {
        'registry.example.com': {
          username: 'robot$ci',
          password: 'Secret1',
          auth: Buffer.from('robot$ci:Secret1').toString('base64'),
        },
      },
    });
  });
});
