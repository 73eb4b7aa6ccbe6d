import type { Issues } from '../issues.js';
import { type Answers, peeringOf, sharesVpc } from './cloud-dns.js';
import type { GcpNetwork } from './networks.js';
import type { Reach } from './reach.js';
import type { RegionNetwork } from './region-network.js';

/** A region in Google Cloud. */
type Google = RegionNetwork & { readonly network: GcpNetwork };

/** What the checks look at. */
interface Scene {
  readonly google: readonly Google[];
  /** Networks outside of Google Cloud whose names are asked for. */
  readonly outside: readonly RegionNetwork[];
  readonly reach: Reach;
}

interface Mistake {
  readonly problem: string;
  readonly allowed: string;
  readonly fix: string;
}

/** Records VPCs that ask from the same addresses, so that answers may go to the wrong one, and mistakes of `dnsPeering`. */
export function checkAsking(networks: readonly RegionNetwork[], answers: Answers, reach: Reach, issues: Issues): void {
  const google = networks.filter((one): one is Google => one.network.type === 'gcp');
  const outside = networks.filter(({ region, network }) => network.type !== 'gcp' && answers.get(region)?.length);
  const scene = { google, outside, reach };
  for (const [i, one] of google.entries()) {
    const { path, network } = one;
    const at = `${path}.dnsPeering`;
    const before = google.slice(0, i);
    const wrong = peeringMistake(one, before, scene);
    if (wrong !== undefined) issues.error(at, wrong.problem, network.dnsPeering, wrong.allowed, wrong.fix);
    else if (network.dnsPeering === undefined) checkSources(one, before, scene, issues);
    else checkPlace(one, network.dnsPeering, scene, issues);
  }
}

/** What is wrong with the VPC that asks for a region. */
function peeringMistake(
  one: Google,
  before: readonly Google[],
  { google, outside, reach }: Scene,
): Mistake | undefined {
  const { region, network } = one;
  const given = network.dnsPeering;
  const others = google.filter((other) => !sharesVpc(other.network, network) && !peeringOf(other.network));
  const allowed = others.map((other) => other.region).join(', ') || 'none: no other VPC of Google Cloud asks by itself';
  if (given !== undefined) {
    const peer = google.find((other) => other.region === given && other.region !== region);
    if (peer === undefined) {
      return { problem: 'is no other region in Google Cloud', allowed, fix: 'correct it, or leave it out' };
    }
    if (sharesVpc(peer.network, network)) {
      return { problem: 'is a region in the same VPC, which knows the same names', allowed, fix: 'leave it out' };
    }
    const next = peeringOf(peer.network);
    if (next !== undefined) {
      return { problem: `asks other networks through ${next} itself`, allowed, fix: `set it to ${next}` };
    }
    const known = membersOf(peer, google).flatMap((member) => reach.reaches(member.region));
    const asked = outside.filter((other) => reach.reaches(region).includes(other.region));
    const lost = asked.find((other) => !known.includes(other.region));
    if (lost !== undefined) {
      return {
        problem: `cannot ask for the names of ${lost.region}: no region in its VPC has a route there`,
        allowed: 'a VPC that is linked to the same networks',
        fix: `link ${given} to ${lost.region}, or leave it out`,
      };
    }
  }
  const mate = before.find((other) => sharesVpc(other.network, network));
  if (mate === undefined || peeringOf(mate.network) === given) return undefined;
  return {
    problem: `is not that of ${mate.region}, which stands in the same VPC`,
    allowed: peeringOf(mate.network) ?? 'nothing',
    fix: 'give all regions of a VPC the same one, or none',
  };
}

/** The regions that stand in one VPC. */
const membersOf = (one: Google, google: readonly Google[]): readonly Google[] =>
  google.filter((other) => sharesVpc(other.network, one.network));

/** A network that learns the range of two VPCs answers either; over links that others made it may learn less. */
function checkSources(
  { region, path, network, rules }: Google,
  before: readonly Google[],
  { outside, reach }: Scene,
  issues: Issues,
): void {
  const others = before.filter((other) => !sharesVpc(other.network, network) && !peeringOf(other.network));
  for (const kind of ['error', 'warning'] as const) {
    const knows = kind === 'error' ? reach.learns : reach.reaches;
    for (const other of others) {
      const lost = outside.find((peer) => [region, other.region].every((name) => knows(peer.region).includes(name)));
      if (lost === undefined) continue;
      issues[kind](
        `${path}.dnsPeering`,
        `is missing: ${other.region} asks from ${rules.resolverSources.join(', ')} too, out of another VPC, and ${lost.region} sends its answers to either`,
        undefined,
        'one VPC of Google Cloud that asks for all',
        `set dnsPeering: ${other.region}, which then asks for both; where both stand in one VPC, give both the same "vpc"`,
      );
      return;
    }
  }
}

/** The plan sees of the other VPC its regions only. */
function checkPlace(
  { region, path, network }: Google,
  given: string,
  { google, outside, reach }: Scene,
  issues: Issues,
): void {
  const peer = google.find((other) => other.region === given);
  const near = peer !== undefined && membersOf(peer, google).some((one) => one.network.region === network.region);
  if (near || !outside.some((other) => reach.reaches(region).includes(other.region))) return;
  issues.warning(
    `${path}.dnsPeering`,
    `asks out of the VPC of ${given}, which Google does only where that VPC has a machine, a VLAN attachment or a tunnel in ${network.region}`,
    given,
    `something of that VPC in ${network.region}`,
    'place a small machine there, or let both regions stand in one VPC',
  );
}
