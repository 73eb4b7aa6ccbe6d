import { locate, mergeSettings } from '../../lib/plan/defaults';
import type { Issue } from '../../lib/plan/issues';

describe('mergeSettings', () => {
  it.each([
    [{ a: 1, b: 2 }, { b: 3 }, { a: 1, b: 3 }],
    [{ a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    [{ list: [1, 2] }, { list: [3] }, { list: [3] }],
    [{ a: 1 }, undefined, { a: 1 }],
    [undefined, { a: 1 }, { a: 1 }],
    [{ a: { b: 1 } }, { a: false }, { a: false }],
    [{ a: false }, { a: { b: 1 } }, { a: { b: 1 } }],
    [{ a: 1 }, null, null],
    [{ type: 's3', bucket: 'x' }, { type: 'nas' }, { type: 'nas' }],
    [{ type: 's3', bucket: 'x' }, { bucket: 'y' }, { type: 's3', bucket: 'y' }],
    [
      { type: 's3', region: 'x' },
      { type: 's3', bucket: 'y' },
      { type: 's3', region: 'x', bucket: 'y' },
    ],
  ])('%j below %j is %j', (defaults, own, merged) => {
    expect(mergeSettings(defaults, own)).toEqual(merged);
  });

  it('takes constructs and other objects as they are', () => {
    class Construct {
      plan = 1;
    }
    const construct = new Construct();
    expect(mergeSettings({ a: { plan: 2, b: 1 } }, { a: construct })).toEqual({ a: construct });
    const bare = Object.assign(Object.create(null) as object, { b: 2 });
    expect(mergeSettings({ a: 1 }, bare)).toEqual({ a: 1, b: 2 });
  });

  it('keeps a key that means something to JavaScript a key', () => {
    const merged = mergeSettings(JSON.parse('{"a":1}'), JSON.parse('{"__proto__":{"x":1}}')) as object;
    expect(Object.keys(merged).sort()).toEqual(['__proto__', 'a']);
    expect('x' in merged).toBe(false);
  });
});

describe('locate', () => {
  const at = (path: string, defaults: unknown, own: unknown): string =>
    locate({ path: `regions.a.${path}`, level: 'error' } as Issue, 'regions.a', defaults, own).path;

  it.each([
    ['size', { size: 1 }, { size: 2 }, 'regions.a.size'],
    ['size', { size: 1 }, {}, 'defaults.size'],
    ['size', undefined, {}, 'regions.a.size'],
    ['storage.bucket', { storage: {} }, {}, 'defaults.storage.bucket'],
    ['storage.bucket', { storage: {} }, { storage: {} }, 'regions.a.storage.bucket'],
    ['cache.hosts[1]', { cache: { hosts: ['x', 'Y'] } }, {}, 'defaults.cache.hosts[1]'],
    ['images.prefix', {}, {}, 'images.harbor'],
    ['images.prefix', {}, { images: { prefix: 'x' } }, 'regions.a.images.prefix'],
    ['kraken.image', { kraken: {} }, { kraken: {} }, 'images.kraken'],
    ['nodeMirror.containerd', {}, { cluster: { containerd: '2.0' } }, 'regions.a.cluster.containerd'],
    ['tenants.t.nodeMirror.containerd', { cluster: { containerd: '2.0' } }, {}, 'defaults.cluster.containerd'],
    ['tenants.t.images.prefix', {}, { images: { prefix: 'x' } }, 'regions.a.images.prefix'],
    ['tenants.t.version', {}, {}, 'version'],
    ['tenants.t.version', {}, { tenants: { t: { version: 'x' } } }, 'regions.a.tenants.t.version'],
  ])('%s with defaults %j and own %j was written at %s', (path, defaults, own, expected) => {
    expect(at(path, defaults, own)).toBe(expected);
  });
});
