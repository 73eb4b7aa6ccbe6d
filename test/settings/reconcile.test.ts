import { ApiError } from '../../lib/settings/api';
import { changeLine, resultOf, summaryLine } from '../../lib/settings/print';
import { each, type Found, type Kind, MissingSecret, reconcile } from '../../lib/settings/reconcile';
import fc from '../support/properties';

interface State {
  readonly value: number;
}

/** A kind whose objects are kept in a map: what the engine does with objects is the same for all of Harbor's kinds. */
class Shelf implements Kind<State> {
  readonly calls: string[] = [];
  wanted = new Map<string, { state: State; needs?: readonly string[] }>();
  refused: readonly string[] = [];

  constructor(
    readonly kind: string,
    readonly there: Map<string, { value: number; ours: boolean }>,
  ) {}

  want(...names: readonly (readonly [string, number, ...string[]])[]): this {
    this.wanted = new Map(names.map(([name, value, ...needs]) => [name, { state: { value }, needs }]));
    return this;
  }

  async read() {
    if (this.refused.includes('read')) throw new ApiError('GET /things: 500');
    return new Map(
      [...this.there].map(([name, { value, ours }]): [string, Found<State>] => [
        name,
        { id: 1, ours, state: { value } },
      ]),
    );
  }
  async create(name: string, { value }: State) {
    this.call('create', name);
    this.there.set(name, { value, ours: true });
  }
  async update(name: string, { value }: State) {
    this.call('update', name);
    this.there.set(name, { value, ours: this.there.get(name)?.ours ?? false });
  }
  async remove(name: string) {
    this.call('remove', name);
    this.there.delete(name);
  }
  private call(action: string, name: string): void {
    this.calls.push(`${action} ${name}`);
    if (this.refused.includes(name)) throw new ApiError(`POST /things: 400 no ${name}`);
  }
}

const shelf = (kind: string, there: Readonly<Record<string, readonly [number, boolean]>> = {}): Shelf =>
  new Shelf(kind, new Map(Object.entries(there).map(([name, [value, ours]]) => [name, { value, ours }])));
const lines = async (kinds: readonly Kind<object>[], dryRun = false): Promise<string[]> =>
  (await reconcile(kinds, { dryRun })).map(changeLine);

describe('reconcile', () => {
  it('makes, changes and removes what is ours, and leaves the rest', async () => {
    const things = shelf('thing', { same: [1, true], other: [1, false], old: [1, true], foreign: [1, false] });
    things.want(['same', 1], ['other', 2], ['new', 3]);
    expect(await lines([things])).toEqual(['changed thing other: value 1 → 2', 'made thing new', 'removed thing old']);
    expect([...things.there.keys()].sort()).toEqual(['foreign', 'new', 'other', 'same']);
    expect(await lines([things])).toEqual([]);
  });

  it('a dry run tells the same and does nothing', async () => {
    const things = shelf('thing', { old: [1, true], other: [1, true] }).want(['new', 1], ['other', 2]);
    expect(await lines([things], true)).toEqual([
      'makes thing new',
      'changes thing other: value 1 → 2',
      'removes thing old',
    ]);
    expect(things.calls).toEqual([]);
  });

  it('goes on with what does not depend on what failed, and removes in the opposite order', async () => {
    const registries = shelf('registry', { gone: [1, true] }).want(['bad', 1], ['good', 1]);
    registries.refused = ['bad'];
    const policies = shelf('policy', { gone: [1, true] }).want(['a', 1, 'registry bad'], ['b', 1, 'registry good']);
    const chained = shelf('last').want(['c', 1, 'policy a']);
    const changes = await reconcile([registries, policies, chained], { dryRun: false });
    expect(changes.map(changeLine)).toEqual([
      'could not make registry bad: POST /things: 400 no bad',
      'made registry good',
      'could not make policy a: not tried, because registry bad failed',
      'made policy b',
      'could not make last c: not tried, because policy a failed',
      'removed policy gone',
      'removed registry gone',
    ]);
    expect(summaryLine(resultOf(changes))).toBe(
      'harbor-fleet settings result=failed made=2 changed=0 removed=2 failed=3',
    );
    expect(summaryLine(resultOf([]))).toBe('harbor-fleet settings result=ok made=0 changed=0 removed=0 failed=0');
  });

  it('a kind that cannot be read fails alone, and takes what needs it along', async () => {
    const things = shelf('thing').want(['a', 1]);
    things.refused = ['read'];
    expect(await lines([things, shelf('other').want(['b', 1, 'thing a'], ['c', 1])])).toEqual([
      'could not read thing all: GET /things: 500',
      'could not make other b: not tried, because thing a failed',
      'made other c',
    ]);
  });

  it('a missing Secret is told as what it is; a mistake of ours is a crash', async () => {
    const missing = shelf('thing').want(['a', 1]);
    missing.create = () => Promise.reject(new MissingSecret('the key x is missing'));
    expect(await lines([missing])).toEqual(['could not make thing a: the key x is missing']);
    const broken = shelf('thing').want(['a', 1]);
    broken.create = () => Promise.reject(new TypeError('bug'));
    await expect(lines([broken])).rejects.toThrow('bug');
  });

  it('tells of something that Harbor alone can make', async () => {
    const things: Kind<State> = shelf('quota').want(['a', 1]);
    things.create = undefined;
    expect(await lines([things])).toEqual([
      'could not change quota a: is not there, and nothing but Harbor itself makes it',
    ]);
  });

  it('law: whatever is there, a second run finds nothing to do, and what is not ours is as it was', async () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const there = fc.dictionary(names, fc.tuple(fc.nat(3), fc.boolean()));
    const wanted = fc.dictionary(names, fc.nat(3));
    await fc.assert(
      fc.asyncProperty(there, wanted, async (before, after) => {
        const things = shelf('thing', before).want(...Object.entries(after));
        await reconcile([things], { dryRun: false });
        things.calls.length = 0;
        expect(await reconcile([things], { dryRun: false })).toEqual([]);
        expect(things.calls).toEqual([]);
        for (const [name, [value, ours]] of Object.entries(before)) {
          if (!ours && !(name in after)) expect(things.there.get(name)).toEqual({ value, ours });
        }
        for (const [name, value] of Object.entries(after)) expect(things.there.get(name)?.value).toBe(value);
      }),
    );
  });
});

describe('each', () => {
  it('does a few at a time, and gives results in the order of the items', async () => {
    let running = 0;
    let most = 0;
    const results = await each(
      Array.from({ length: 30 }, (_, i) => i),
      async (i) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, (i * 7) % 5));
        running--;
        return i * 2;
      },
    );
    expect(results).toEqual(Array.from({ length: 30 }, (_, i) => i * 2));
    expect(most).toBe(6);
  });
});
