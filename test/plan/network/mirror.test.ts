import { isDeepStrictEqual } from 'node:util';
import { cryptoWords, proposal } from '../../../lib/plan/network/crypto';
import type { LinkPlan } from '../../../lib/plan/network/links';
import { assertMirrored, configurations, mirrorMistakes } from '../../../lib/plan/network/mirror';
import type { NetworkType } from '../../../lib/plan/network/networks';
import { planTopology, regionOf, type TopologyPlan } from '../../../lib/plan/plan';
import fc from '../../support/properties';
import { linkedTopologies, network, pair, TYPES } from './networks';

type Kind = readonly [type: NetworkType, publicIps: 1 | 2];

const networkIn = (plan: TopologyPlan) => (region: string) =>
  regionOf(plan, region).network ?? { type: 'external' as const };
const ends = (plan: TopologyPlan, link: LinkPlan) => configurations(link, networkIn(plan));

describe('both ends of every tunnel mirror each other', () => {
  const kinds: readonly Kind[] = TYPES.flatMap((type): Kind[] =>
    type === 'onPremises'
      ? [
          [type, 1],
          [type, 2],
        ]
      : [[type, 2]],
  );
  const pairs = kinds
    .flatMap((a) => kinds.map((b) => [a, b] as const))
    .filter(([[a], [b]]) => a !== b || a === 'onPremises');

  it.each(pairs)('%j and %j', ([a, ipsOfA], [b, ipsOfB]) => {
    for (const more of [{}, ...(a === 'alicloud' || b === 'alicloud' ? [] : [{ crypto: 'strong' as const }])]) {
      const plan = planTopology(pair(network(a, 0, ipsOfA), network(b, 1, ipsOfB), more));
      const tunnels = plan.links.flatMap((link) => ends(plan, link));
      expect(tunnels.length).toBeGreaterThan(0);
      expect(tunnels.flatMap(([one, other]) => mirrorMistakes(one, other))).toEqual([]);
      const outsides = tunnels.map(([one]) => `${one.localOutside} ${one.remoteOutside}`);
      expect(new Set(outsides).size).toBe(outsides.length);
    }
  });

  it('in every topology of up to 12 regions', () => {
    fc.assert(
      fc.property(linkedTopologies, (props) => {
        const plan = planTopology(props);
        const found = plan.links.flatMap((link) => ends(plan, link)).flatMap(([a, b]) => mirrorMistakes(a, b));
        expect(found).toEqual([]);
        expect(isDeepStrictEqual(JSON.parse(JSON.stringify(plan)), plan)).toBe(true);
        for (const { via, tunnels, crypto } of plan.links) {
          expect([tunnels.length > 0, crypto !== undefined]).toEqual([via === 'vpn', via === 'vpn']);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what an end is told', () => {
  it('AWS, which learns its addresses late, and a data centre, whose are known', () => {
    const plan = planTopology(pair(network('aws', 0), network('onPremises', 1)));
    const [, second] = plan.links.flatMap((link) => ends(plan, link));
    expect(second).toEqual([
      {
        tunnel: 'region-0--region-1-2',
        region: 'region-0',
        localOutside: 'outside address 1 of region-0',
        remoteOutside: '198.51.100.2',
        localInside: '169.254.21.21',
        remoteInside: '169.254.21.22',
        insideCidr: '169.254.21.20/30',
        localAsn: 64600,
        remoteAsn: 64601,
        key: 'region-0--region-1-2 1',
        ike: 'aes256-sha256-modp2048',
        esp: 'aes256-sha256-modp2048',
      },
      expect.objectContaining({ localOutside: '198.51.100.2', remoteOutside: 'outside address 1 of region-0' }),
    ]);
  });

  it('nothing of a link without tunnels', () => {
    const plan = planTopology(pair(network('aws', 0), network('aws', 1)));
    expect(plan.links.flatMap((link) => ends(plan, link))).toEqual([]);
  });
});

describe('mistakes that the mirror shows', () => {
  const plan = planTopology(pair(network('aws', 0), network('alicloud', 1)));
  const [link] = plan.links;
  const [first] = link === undefined ? [] : ends(plan, link);
  if (link === undefined || first === undefined) throw new Error('no tunnel');
  const [a, b] = first;

  it.each([
    [{ insideCidr: '169.254.21.0/30' }, ['insideCidr: region-0 has 169.254.21.16/30, region-1 has 169.254.21.0/30']],
    [{ ike: 'aes128-sha1-modp1024' }, ['ike: region-0 has aes256-sha256-modp2048, region-1 has aes128-sha1-modp1024']],
    [{ esp: 'x' }, ['esp: region-0 has aes256-sha256-modp2048, region-1 has x']],
    [
      { localInside: '169.254.21.17' },
      ['remoteInside and localInside: region-0 has 169.254.21.18, region-1 has 169.254.21.17'],
    ],
    [
      { remoteOutside: 'y' },
      ['localOutside and remoteOutside: region-0 has outside address 0 of region-0, region-1 has y'],
    ],
    [{ localAsn: 1 }, ['remoteAsn and localAsn: region-0 has 64601, region-1 has 1']],
    [{ remoteAsn: 1 }, ['localAsn and remoteAsn: region-0 has 64600, region-1 has 1']],
    [{ tunnel: 'other' }, ['tunnel: region-0 has region-0--region-1-1, region-1 has other']],
  ])('%j', (change, expected) => {
    expect(mirrorMistakes(a, { ...b, ...change })).toEqual(expected.map((text) => `region-0--region-1-1: ${text}`));
  });

  it('keys that differ, without telling them', () => {
    expect(mirrorMistakes({ ...a, key: 'secret-1' }, { ...b, key: 'secret-2' })).toEqual([
      'region-0--region-1-1: the pre-shared keys of region-0 and region-1 differ',
    ]);
  });

  it('a pairing that no cloud could bring up: connections of Alibaba Cloud laid along those of AWS', () => {
    const along = link.tunnels.map((tunnel, i) => ({
      ...tunnel,
      ends: [
        tunnel.ends[0],
        { ...tunnel.ends[1], connection: { index: i >> 1, tunnel: ((i % 2) + 1) as 1 | 2 } },
      ] as const,
    }));
    expect(() => assertMirrored([{ ...link, tunnels: along }], networkIn(plan))).toThrow(
      /planned tunnels would not come up:\nregion-0--region-1-2: remoteOutside and localOutside: .* outside address 0 .* outside address 1/,
    );
  });

  it('a first host that AWS would not give away', () => {
    const swapped = link.tunnels.map((tunnel) => ({
      ...tunnel,
      ends: [
        { ...tunnel.ends[0], inside: tunnel.ends[1].inside },
        { ...tunnel.ends[1], inside: tunnel.ends[0].inside },
      ] as const,
    }));
    expect(() => assertMirrored([{ ...link, tunnels: swapped }], networkIn(plan))).toThrow(
      'remoteInside and localInside',
    );
  });

  it('a profile that an end lacks', () => {
    expect(() => assertMirrored([{ ...link, crypto: 'strong' }], networkIn(plan))).toThrow('region-1 has none');
  });
});

describe('profiles in the words of each cloud', () => {
  it.each(TYPES)('%s means the same as strongSwan', (type) => {
    const read = (profile: 'common' | 'strong') => {
      const words = cryptoWords(type, profile);
      return words && [proposal(words.ike, 'ike'), proposal(words.esp, 'esp')];
    };
    expect(read('common')).toEqual(['aes256-sha256-modp2048', 'aes256-sha256-modp2048']);
    expect(read('strong')).toEqual(
      type === 'alicloud' ? undefined : ['aes256gcm16-prfsha384-ecp384', 'aes256gcm16-ecp384'],
    );
  });

  it('a word that is not known equals only itself', () => {
    expect(proposal({ encryption: 'AES128', integrity: 'SHA1', group: '2' }, 'ike')).toBe('AES128-SHA1-2');
  });
});
