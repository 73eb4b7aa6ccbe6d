import type { LinkProps, Links } from '../../../lib/plan/network/links';
import { Network, type NetworkType } from '../../../lib/plan/network/networks';
import type { TopologyProps } from '../../../lib/plan/plan';
import fc from '../../support/properties';
import { bucket, topology } from '../topologies';

export const TYPES: readonly NetworkType[] = ['aws', 'azure', 'gcp', 'alicloud', 'huawei', 'onPremises', 'external'];

const CLOUD_REGION = {
  aws: 'us-east-1',
  azure: 'westeurope',
  gcp: 'europe-west4',
  alicloud: 'ap-southeast-1',
  huawei: 'ap-southeast-3',
} as const;

/** The network of a region: its ranges and addresses follow from a number. */
export function network(type: NetworkType, i: number, publicIps: 1 | 2 = 2): Network {
  const cidrs = [`10.${i}.0.0/16`];
  const addresses = { cidrs, publicIps: [`198.51.100.${2 * i}`, `198.51.100.${2 * i + 1}`].slice(0, publicIps) };
  if (type === 'onPremises') return Network.onPremises(addresses);
  if (type === 'external') return Network.external(addresses);
  return Network[type]({ cidrs, region: CLOUD_REGION[type] });
}

/** A topology of regions with these networks, `region-0` and so on. */
export const networked = (
  networks: readonly Network[],
  links: Links | undefined,
  more: Partial<TopologyProps> = {},
): TopologyProps =>
  topology(0, {
    regions: Object.fromEntries(
      networks.map((one, i) => [`region-${i}`, { ...bucket(`region-${i}`), network: one }] as const),
    ),
    links,
    ...more,
  });

/** Two regions with one link. */
export const pair = (a: Network, b: Network, link: Partial<LinkProps> = {}): TopologyProps =>
  networked([a, b], { type: 'list', links: [{ between: ['region-0', 'region-1'], ...link }] });

interface Kind {
  readonly type: NetworkType;
  readonly publicIps: 1 | 2;
}

/** The most tunnels to a region of Azure: four from AWS, none from Azure itself, else one from each address. */
const tunnelsToAzure = ({ type, publicIps }: Kind): number => {
  if (type === 'azure') return 0;
  if (type === 'aws') return 4;
  return type === 'onPremises' || type === 'external' ? publicIps : 2;
};

/** Their places, unless several regions of Google Cloud are among them: then such that all tunnels of those differ. */
const indicesOf = (kinds: readonly Kind[]): readonly (number | undefined)[] => {
  if (kinds.filter(({ type }) => type === 'gcp').length < 2) return kinds.map(() => undefined);
  const peers = kinds.filter(({ type }) => type !== 'gcp').length;
  const places = { gcp: 0, other: 0 };
  return kinds.map(({ type }) => (type === 'gcp' ? peers + places.gcp++ * Math.max(1, peers) : places.other++));
};

/** Networks of every mixture and links of every shape, up to 12 regions, that plan without a mistake. */
export const linkedTopologies: fc.Arbitrary<TopologyProps> = fc
  .array(fc.record<Kind>({ type: fc.constantFrom(...TYPES), publicIps: fc.constantFrom(1, 2) }), {
    minLength: 2,
    maxLength: 12,
  })
  // An Azure gateway has 30 tunnels.
  .filter(
    (kinds) =>
      kinds.every(({ type }) => type !== 'azure') || kinds.reduce((sum, kind) => sum + tunnelsToAzure(kind), 0) <= 30,
  )
  // All regions of Google Cloud are in one VPC, which has room for 32 links with tunnels.
  .filter((kinds) => indicesOf(kinds).every((index = 0) => index < 32))
  .chain((kinds) => {
    const names = kinds.map((_, i) => `region-${i}`);
    const place = fc.nat(kinds.length - 1);
    return fc
      .record({
        shape: fc.constantFrom('mesh' as const, 'hub' as const, 'list' as const),
        hub: place,
        pairs: fc.uniqueArray(fc.tuple(place, place), {
          selector: ([a, b]) => [a, b].sort().join(),
          maxLength: 20,
        }),
        crypto: fc.constantFrom(undefined, 'common' as const, 'strong' as const),
        rotation: fc.nat(9),
      })
      .map(({ shape, hub, pairs, crypto, rotation }) => {
        // Two VPCs of Google Cloud that ask the same network are a mistake.
        const indices = indicesOf(kinds);
        const networks = kinds.map(({ type, publicIps }, i): Network => {
          const one = { ...network(type, i, publicIps), index: indices[i] };
          return one.type === 'gcp' ? { ...one, vpc: 'registry' } : one;
        });
        const links = pairs
          .filter(([a, b]) => a !== b && kinds[a]?.type !== kinds[b]?.type)
          .map(([a, b]): LinkProps => ({ between: [names[a] ?? '', names[b] ?? ''], keyRotation: rotation }));
        const common = { crypto, links };
        return networked(
          networks,
          shape === 'hub' ? { type: 'hub', region: names[hub] ?? '', ...common } : { type: shape, ...common },
        );
      });
  });
