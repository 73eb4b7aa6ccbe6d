import { plural } from '../describe.js';
import type { Reader } from '../reader.js';
import { PASSING } from './clouds.js';
import type { Reach } from './reach.js';
import type { RegionNetwork } from './region-network.js';

/** More pairs than these are only counted. */
const NAMED = 6;

/** Warns of a hub in the middle of regions that still do not reach each other. */
export function checkHub(topology: Reader, networks: readonly RegionNetwork[], reach: Reach): void {
  const links = topology.child('links');
  if (links.raw('type') !== 'hub') return;
  const hub = networks.find(({ region }) => region === links.raw('region'));
  if (hub === undefined) return;
  const spokes = networks.filter((network) => network !== hub).map(({ region }) => region);
  const apart = spokes.flatMap((a, i) =>
    spokes
      .slice(i + 1)
      .filter((b) => !reach.reaches(a).includes(b))
      .map((b) => [a, b] as const),
  );
  const [first] = apart;
  if (first === undefined) return;
  const named = apart.slice(0, NAMED).map((pair) => pair.join(' and '));
  const more = apart.length > NAMED ? [`and ${plural(apart.length - NAMED, 'more pair')}`] : [];
  const link = `link them to each other: links: [{ between: [${first.join(', ')}] }${apart.length > 1 ? ', …' : ''}]`;
  links.issues.warning(
    links.at('region'),
    `is a hub (${hub.rules.title}) over which these do not reach each other: ${[...named, ...more].join(', ')}`,
    hub.region,
    `a hub that passes routes on from tunnel to tunnel: ${PASSING.join(', ')}`,
    hub.rules.transit
      ? `${link}; peering and existing links carry the routes of their two ends alone`
      : `choose such a hub, or ${link}`,
  );
}
