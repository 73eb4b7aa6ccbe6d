import type { LinkPlan, TunnelEnd } from '../../../lib/plan/network/links';
import type { NetworkType } from '../../../lib/plan/network/networks';
import { blockOf, endsFrom, insideCidrs } from '../../../lib/plan/network/tunnels';
import { planTopology } from '../../../lib/plan/plan';
import fc from '../../support/properties';
import { linkedTopologies, network, pair } from './networks';

const linkOf = (a: NetworkType, b: NetworkType, ips: 1 | 2 = 2, more = {}): LinkPlan => {
  const [link] = planTopology(pair(network(a, 0), network(b, 1, ips), more)).links;
  if (link === undefined) throw new Error('no link');
  return link;
};

/** Where a tunnel leaves from: `0`, or with the connection and its tunnel `0 c0 t1`. */
const place = ({ outside, connection }: TunnelEnd | undefined = {} as TunnelEnd): string =>
  connection === undefined ? `${outside}` : `${outside} c${connection.index} t${connection.tunnel}`;

/** Both ends of each tunnel, with the last number of each inside address. */
const pairing = ({ tunnels }: LinkPlan): string[] =>
  tunnels.map(({ ends: [a, b] }) => [a, b].map((end) => `${place(end)} .${end.inside.split('.')[3]}`).join(' | '));

describe('tunnels between every two kinds of network', () => {
  it.each<[NetworkType, NetworkType, 1 | 2, string[]]>([
    // AWS makes two tunnels to each address of its peer, and always takes the first host.
    ['aws', 'azure', 2, ['0 c0 t1 .17 | 0 .18', '1 c0 t2 .21 | 0 .22', '2 c1 t1 .25 | 1 .26', '3 c1 t2 .29 | 1 .30']],
    ['azure', 'aws', 2, ['0 .18 | 0 c0 t1 .17', '0 .22 | 1 c0 t2 .21', '1 .26 | 2 c1 t1 .25', '1 .30 | 3 c1 t2 .29']],
    ['aws', 'gcp', 2, ['0 c0 t1 .17 | 0 .18', '1 c0 t2 .21 | 0 .22', '2 c1 t1 .25 | 1 .26', '3 c1 t2 .29 | 1 .30']],
    ['aws', 'huawei', 2, ['0 c0 t1 .17 | 0 .18', '1 c0 t2 .21 | 0 .22', '2 c1 t1 .25 | 1 .26', '3 c1 t2 .29 | 1 .30']],
    // Connections of Alibaba Cloud lie across those of AWS: each has a tunnel from each of its two addresses.
    [
      'aws',
      'alicloud',
      2,
      [
        '0 c0 t1 .17 | 0 c0 t1 .18',
        '1 c0 t2 .21 | 0 c1 t1 .22',
        '2 c1 t1 .25 | 1 c0 t2 .26',
        '3 c1 t2 .29 | 1 c1 t2 .30',
      ],
    ],
    ['aws', 'onPremises', 1, ['0 c0 t1 .17 | 0 .18', '1 c0 t2 .21 | 0 .22']],
    [
      'aws',
      'external',
      2,
      ['0 c0 t1 .17 | 0 .18', '1 c0 t2 .21 | 0 .22', '2 c1 t1 .25 | 1 .26', '3 c1 t2 .29 | 1 .30'],
    ],
    // Two early ends join their addresses one to one; the smaller index takes the first host.
    ['azure', 'gcp', 2, ['0 .17 | 0 .18', '1 .21 | 1 .22']],
    ['azure', 'alicloud', 2, ['0 .17 | 0 c0 t1 .18', '1 .21 | 1 c0 t2 .22']],
    ['gcp', 'alicloud', 2, ['0 .17 | 0 c0 t1 .18', '1 .21 | 1 c0 t2 .22']],
    ['huawei', 'gcp', 2, ['0 .17 | 0 .18', '1 .21 | 1 .22']],
    // Azure joins an address of its peer once.
    ['azure', 'onPremises', 1, ['0 .17 | 0 .18']],
    ['onPremises', 'azure', 1, ['0 .17 | 0 .18', '1 .21 | 1 .22']],
    ['gcp', 'onPremises', 1, ['0 .17 | 0 .18', '1 .21 | 0 .22']],
    ['alicloud', 'onPremises', 1, ['0 c0 t1 .17 | 0 .18', '1 c0 t2 .21 | 0 .22']],
    ['onPremises', 'onPremises', 2, ['0 .17 | 0 .18', '1 .21 | 1 .22']],
  ])('%s and %s with %d public addresses', (a, b, ips, expected) => {
    expect(pairing(linkOf(a, b, ips))).toEqual(expected);
  });

  it('one tunnel where each end has one address', () => {
    const plan = planTopology(pair(network('onPremises', 0, 1), network('external', 1, 1)));
    expect(plan.links.map(pairing)).toEqual([['0 .17 | 0 .18']]);
  });

  it('two tunnels of AWS reach both addresses of its peer, and keep name and address when they become four', () => {
    const [two, four] = [linkOf('aws', 'alicloud', 2, { tunnels: 2 }), linkOf('aws', 'alicloud')];
    expect(pairing(two)).toEqual(['0 c0 t1 .17 | 0 c0 t1 .18', '2 c1 t1 .25 | 1 c0 t2 .26']);
    expect(two.insideCidrs).toEqual(four.insideCidrs);
    const named = ({ tunnels }: LinkPlan) => tunnels.map(({ name, insideCidr }) => `${name} ${insideCidr}`);
    expect(named(four)).toEqual(expect.arrayContaining(named(two)));
  });

  it('regions of one cloud are peered, and take no addresses', () => {
    for (const type of ['aws', 'azure', 'gcp', 'alicloud', 'huawei'] as const) {
      expect(linkOf(type, type)).toEqual({
        name: 'region-0--region-1',
        between: ['region-0', 'region-1'],
        via: 'peering',
        insideCidrs: [],
        tunnels: [],
      });
    }
    expect(linkOf('external', 'external').via).toBe('existing');
  });
});

describe('keys', () => {
  it('each step of the rotation gives one tunnel a new key, in turn', () => {
    const generations = (keyRotation: number) =>
      linkOf('aws', 'gcp', 2, { keyRotation }).tunnels.map(({ key }) => key.generation);
    expect([0, 1, 2, 3, 4, 5].map(generations)).toEqual([
      [1, 1, 1, 1],
      [2, 1, 1, 1],
      [2, 2, 1, 1],
      [2, 2, 2, 1],
      [2, 2, 2, 2],
      [3, 2, 2, 2],
    ]);
  });

  it('a step whose turn is that of a tunnel that is not there changes nothing', () => {
    const generations = (tunnels: 1 | 2, more: object = {}) =>
      [0, 1, 2, 3, 4, 5].map((keyRotation) =>
        linkOf('aws', 'onPremises', tunnels, { keyRotation, ...more })
          .tunnels.map(({ name, key }) => `${name.at(-1)}:${key.generation}`)
          .join(' '),
      );
    expect(generations(1)).toEqual(['1:1 2:1', '1:2 2:1', '1:2 2:2', '1:2 2:2', '1:2 2:2', '1:3 2:2']);
    expect(generations(2, { tunnels: 2 })).toEqual(['1:1 3:1', '1:2 3:1', '1:2 3:1', '1:2 3:2', '1:2 3:2', '1:3 3:2']);
  });

  it('never more than one tunnel at a time, each once in four steps, and the same however many tunnels there are', () => {
    const first = fc.constantFrom<NetworkType>('aws', 'azure', 'gcp', 'alicloud', 'huawei', 'onPremises');
    const kinds = fc.tuple(first, fc.constantFrom<NetworkType>('external', 'onPremises'));
    fc.assert(
      fc.property(kinds, fc.nat(9995), ([a, b], step) => {
        const keysOf = (keyRotation: number, ips: 1 | 2, more: object = {}) =>
          new Map(linkOf(a, b, ips, { keyRotation, ...more }).tunnels.map(({ key }) => [key.name, key.generation]));
        const steps = [0, 1, 2, 3, 4].map((more) => step + more);
        const links = [
          steps.map((rotation) => keysOf(rotation, 1)),
          steps.map((rotation) => keysOf(rotation, 2)),
          ...(a === 'aws' ? [steps.map((rotation) => keysOf(rotation, 2, { tunnels: 2 }))] : []),
        ];
        const all = new Map(links.flatMap(([first = new Map()]) => [...first]));
        for (const [first = new Map<string, number>(), ...later] of links) {
          const turns = later.flatMap((after, i) => {
            const before = i === 0 ? first : (later[i - 1] ?? first);
            const changed = [...after].filter(([name, generation]) => before.get(name) !== generation);
            expect(changed.length).toBeLessThan(2);
            expect(changed.map(([name, generation]) => [name, generation - 1])).toEqual(
              changed.map(([name]) => [name, before.get(name)]),
            );
            return changed.map(([name]) => name);
          });
          expect(turns.toSorted()).toEqual([...first.keys()].toSorted());
          for (const [name, generation] of first) expect([name, all.get(name)]).toEqual([name, generation]);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('the pool of inside addresses', () => {
  it('has 32 blocks of four ranges, in the order of the addresses', () => {
    expect(insideCidrs(0)).toEqual(['169.254.21.0/30', '169.254.21.4/30', '169.254.21.8/30', '169.254.21.12/30']);
    expect(insideCidrs(16)[0]).toBe('169.254.22.0/30');
    expect(insideCidrs(31)[3]).toBe('169.254.22.252/30');
    const all = Array.from({ length: 32 }, (_, block) => insideCidrs(block)).flat();
    expect(new Set(all).size).toBe(128);
  });

  it('gives a region another block for each of up to 32 peers in a row', () => {
    fc.assert(
      fc.property(fc.nat(399), fc.nat(367), (own, first) => {
        const blocks = Array.from({ length: 32 }, (_, i) => blockOf(own, first + i));
        expect(new Set(blocks).size).toBe(32);
      }),
    );
  });

  it('no gateway has an address twice, both hosts of a tunnel are in its range, and no name is there twice', () => {
    fc.assert(
      fc.property(linkedTopologies, (props) => {
        const plan = planTopology(props);
        const tunnels = plan.links.flatMap((link) => link.tunnels);
        for (const { name } of plan.regions) {
          const own = tunnels.filter(({ ends }) => ends.some(({ region }) => region === name));
          expect(new Set(own.map(({ insideCidr }) => insideCidr)).size).toBe(own.length);
          expect(new Set(own.map((tunnel) => endsFrom(tunnel, name).own.inside)).size).toBe(own.length);
        }
        for (const { insideCidr, ends } of tunnels) {
          const [first = '', last = 0] = [
            insideCidr.replace(/\d+\/30$/, ''),
            Number(/(\d+)\/30$/.exec(insideCidr)?.[1]),
          ];
          expect(ends.map(({ inside }) => inside).sort()).toEqual(
            [`${first}${last + 1}`, `${first}${last + 2}`].sort(),
          );
        }
        const names = tunnels.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  it('a region that joins or leaves at the end changes no other tunnel, and a pinned one survives one that leaves before it', () => {
    fc.assert(
      fc.property(linkedTopologies, fc.nat(), (props, victim) => {
        const entries = Object.entries(props.regions);
        const without = (gone: string) => ({
          ...props,
          links: { type: 'mesh' as const },
          regions: Object.fromEntries(
            entries
              .map(([name, region], place) => [
                name,
                { ...region, network: { ...region.network, index: region.network?.index ?? place } },
              ])
              .filter(([name]) => name !== gone),
          ),
        });
        const all = planTopology({ ...props, links: { type: 'mesh' } });
        const gone = entries[victim % entries.length]?.[0] ?? '';
        for (const kept of planTopology(without(gone) as never).links) {
          expect(all.links).toContainEqual(kept);
        }
        const unpinned = {
          ...props,
          links: { type: 'mesh' as const },
          regions: Object.fromEntries(entries.slice(0, -1)),
        };
        for (const kept of planTopology(unpinned).links) expect(all.links).toContainEqual(kept);
      }),
      { numRuns: 20 },
    );
  });
});

describe('endsFrom', () => {
  it('tells whose end is whose, or which regions there are', () => {
    const [tunnel] = linkOf('aws', 'azure').tunnels;
    if (tunnel === undefined) throw new Error('no tunnel');
    expect(endsFrom(tunnel, 'region-1').own.inside).toBe('169.254.21.18');
    expect(endsFrom(tunnel, 'region-1').peer.inside).toBe('169.254.21.17');
    expect(() => endsFrom(tunnel, 'x')).toThrow(
      'tunnel region-0--region-1-1 does not end in "x"; it joins region-0 and region-1',
    );
  });
});
