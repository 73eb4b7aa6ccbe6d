import { isDeferred } from '../../plan/deferred.js';
import { inMainlandChina } from '../../plan/network/clouds.js';
import { linksOf } from '../../plan/network/tunnels.js';
import type { TopologyPlan } from '../../plan/plan.js';
import { nearest, type Reader } from '../../plan/reader.js';
import { type CloudConnectionPlan, cloudConnectionOf, networkOf, placesOf } from './peered.js';

interface Site {
  readonly plan: TopologyPlan;
  readonly region: { readonly name: string };
}

/** Records mistakes in what joins a region to others of Huawei Cloud. */
export function checkPeering(reader: Reader, { plan, region: { name } }: Site): void {
  reader.text('projectId');
  if (reader.has('cloudConnection')) {
    const existing = reader.child('cloudConnection').only('id', 'loaded');
    existing.requiredText('id');
    existing.flag('loaded');
  }
  const bandwidths = reader.entries('interRegionBandwidths');
  for (const [, bandwidth] of bandwidths) {
    bandwidth.only('packageId', 'bandwidth').requiredText('packageId');
    if (!bandwidth.has('bandwidth')) bandwidth.missing('bandwidth', 'Mbit/s, of those that the package has');
    bandwidth.count('bandwidth', 1, 10_000);
  }
  const connection = cloudConnectionOf(plan, name);
  checkBandwidths(reader, plan, name, bandwidths, connection);
  if (connection === undefined) return;
  if (!reader.has('projectId')) reader.missing('projectId', "the VPC's project in IAM, which Cloud Connect asks for");
  checkSame(reader, plan, name, connection);
  checkStrangers(reader, plan, name, connection);
}

/** Each link that leads to another place has its bandwidth from one region; others would give it in vain. */
function checkBandwidths(
  reader: Reader,
  plan: TopologyPlan,
  name: string,
  bandwidths: ReturnType<Reader['entries']>,
  connection?: CloudConnectionPlan,
): void {
  const { issues } = reader;
  const across = connection?.across ?? [];
  const own = across.filter(({ between }) => between[0] === name);
  const others = own.map(({ between }) => between[1]);
  for (const [other, { path }] of bandwidths) {
    if (others.includes(other)) continue;
    const linked = connection?.links.some(({ between }) => between.includes(name) && between.includes(other));
    const shared = linked && across.find(({ between }) => placesOf(plan, between) === placesOf(plan, [name, other]));
    const near = nearest(other, others);
    const [problem, fix] = shared
      ? [
          `is that of link ${shared.name}`,
          `write it as regions.${shared.between[0]}.cloud.interRegionBandwidths.${shared.between[1]}`,
        ]
      : ['leads to no other place of Huawei Cloud', near ? `did you mean "${near}"?` : 'remove it'];
    issues.error(path, problem, other, others.join(', ') || 'none here', fix);
  }
  // One that exists may have its bandwidths already.
  if (reader.has('cloudConnection')) return;
  const given = new Set(bandwidths.map(([other]) => other));
  for (const { name: link, between } of own.filter((one) => !given.has(one.between[1]))) {
    const [inside, outside] = between.map((end) => inMainlandChina(networkOf(plan, end)));
    const first = inside === outside ? '' : ' (over the border of mainland China after a cross-border permit)';
    issues.warning(
      `${reader.at('interRegionBandwidths')}.${between[1]}`,
      `is missing: link ${link} passes 10 kbit/s, enough for a ping`,
      undefined,
      'a part of a bandwidth package: { packageId, bandwidth }',
      `buy a bandwidth package${first}, bind it to the cloud connection, and name it here`,
    );
  }
}

interface Given {
  readonly region: string;
  readonly existing: boolean;
  readonly id: unknown;
}

// One cloud connection joins all its regions, so what one of them says counts for all.
const firsts = new WeakMap<TopologyPlan, Map<string, Given>>();

/** Records a region whose cloud connection exists while that of another is to be made, or the other way round, or is another. */
function checkSame(reader: Reader, plan: TopologyPlan, name: string, { members }: CloudConnectionPlan): void {
  const existing = reader.has('cloudConnection');
  const { id } = (reader.raw('cloudConnection') ?? {}) as { readonly id?: unknown };
  const own: Given = { region: name, existing, id };
  const known = firsts.get(plan) ?? new Map<string, Given>();
  firsts.set(plan, known);
  const [maker = name] = members;
  const first = known.get(maker);
  if (first === undefined || first.region === name) {
    known.set(maker, own);
    return;
  }
  // Two ids that are not known yet may be the same.
  const differ = existing && own.id !== first.id && ![own.id, first.id].some(isDeferred);
  if (existing === first.existing && !differ) return;
  const how = existing !== first.existing ? `is ${existing ? 'given' : 'missing'}, unlike` : 'is another than';
  reader.issues.error(
    reader.at('cloudConnection'),
    `${how} that of ${first.region}: one cloud connection joins them`,
    reader.raw('cloudConnection'),
    `the same cloud connection in ${members.join(', ')}, or none in any`,
    'give the same in all of them',
  );
}

/** A cloud connection leads between all its VPCs, also where no link does; there is no bandwidth then. */
function checkStrangers(
  reader: Reader,
  plan: TopologyPlan,
  name: string,
  { members, across }: CloudConnectionPlan,
): void {
  const own = networkOf(plan, name);
  const all = members.join(', ');
  for (const other of members.filter((member) => networkOf(plan, member).index > own.index)) {
    const link = linksOf(plan.links, name).find(({ between }) => between.includes(other));
    if (link?.via === 'vpn') {
      reader.issues.error(
        reader.path,
        `has tunnels to ${other}, and one cloud connection that joins ${all}: a route table takes one way`,
        'vpn',
        'peering within Huawei Cloud',
        `leave "via" out of link ${link.name}`,
      );
    }
    const places = placesOf(plan, [name, other]);
    const wide = new Set([own.region, networkOf(plan, other).region]).size > 1;
    const served = !wide || across.some(({ between }) => placesOf(plan, between) === places);
    if (link !== undefined || served || !own.reaches.includes(other)) continue;
    reader.issues.warning(
      reader.path,
      `reaches ${other} by the cloud connection that joins ${all}, not over other regions: 10 kbit/s pass`,
      undefined,
      'a link between the two, with a bandwidth',
      `link ${name} and ${other}`,
    );
  }
}
