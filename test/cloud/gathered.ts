import { ComponentResource, type Input, type Output, output, secret } from '@pulumi/pulumi';
import type { Cloud, CloudNetwork, CloudSite, ConnectedTunnel } from '../../lib/cloud/cloud';
import { formatIssue, Issues } from '../../lib/plan/issues';
import { privateRecords } from '../../lib/plan/network/private-names';
import { endsFrom, linksOf } from '../../lib/plan/network/tunnels';
import { regionOf, type TopologyPlan } from '../../lib/plan/plan';

/** A region as its cloud sees it, when one stack makes all. */
export function siteOf(plan: TopologyPlan, name: string): CloudSite {
  const region = regionOf(plan, name);
  if (region.network === undefined) throw new Error(`no network in ${name}`);
  const path = `regions.${name}.cloud`;
  return { path, plan, region, network: region.network, links: linksOf(plan.links, name) };
}

/** What a cloud says about its settings: where, and what. */
export function complaints(cloud: Cloud, plan: TopologyPlan, name: string): readonly string[] {
  const issues = new Issues();
  cloud.check(siteOf(plan, name), issues);
  return issues.all.map((issue) => formatIssue(issue).replace(/^- /, '').replace(/\n.*/s, ''));
}

class Topology extends ComponentResource {
  constructor() {
    super('test:Topology', 'registry');
  }
}

/** A stand-in for a pre-shared key, of the letters that one may have. */
export const keyOf = ({ name, generation }: { readonly name: string; readonly generation: number }): string =>
  `K${Buffer.from(`${name} ${generation}`).toString('hex')}`;

/** What a topology connects: peers have the outside addresses of the plan, or are told by number; keys are told by name, or as `key` says. */
export const tunnelsOf = (
  plan: TopologyPlan,
  name: string,
  key: typeof keyOf = ({ name, generation }) => `${name} ${generation}`,
): readonly ConnectedTunnel[] =>
  linksOf(plan.links, name).flatMap((link) =>
    link.tunnels.map((tunnel) => {
      const ends = endsFrom(tunnel, name);
      const network = regionOf(plan, ends.peer.region).network;
      const known =
        network !== undefined && 'publicIps' in network ? network.publicIps?.[ends.peer.outside] : undefined;
      const peerOutside: Input<string> = output(known ?? `outside address ${ends.peer.outside} of ${ends.peer.region}`);
      return { link, tunnel, ...ends, peerOutside, key: secret(key(tunnel.key)) };
    }),
  );

/** Opens a region's network, named as the region is. */
export const open = (cloud: Cloud, plan: TopologyPlan, name: string): CloudNetwork =>
  cloud.open(name, siteOf(plan, name), new Topology());

/** Opens and completes a region's network as a topology does, each private name leading to `target`. */
export function complete(
  cloud: Cloud,
  plan: TopologyPlan,
  name: string,
  target: Input<readonly string[]>,
): Output<Readonly<Record<string, string>>> {
  const network = open(cloud, plan, name);
  network.connect(tunnelsOf(plan, name, keyOf));
  network.answer(
    privateRecords(plan, name).map((record) => ({
      record,
      target: record.target.host === undefined ? target : [record.target.host],
    })),
  );
  network.forward(
    (regionOf(plan, name).network?.forwards ?? []).map((forward) => ({
      forward,
      resolvers: output(forward.resolvers ?? ['10.0.0.53', '10.0.1.53']),
    })),
  );
  if (network.files === undefined) throw new Error('no files');
  return network.files;
}
