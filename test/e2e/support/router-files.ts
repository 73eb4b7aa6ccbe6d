import type { ChildProcess } from 'node:child_process';
import {
  birdConf,
  interfacesScript,
  nftablesConf,
  routerOf,
  strongswanConf,
  swanctlConf,
} from '../../../lib/cloud/on-premises';
import type { TunnelKey, TunnelPlan } from '../../../lib/plan/network/links';
import { endsFrom } from '../../../lib/plan/network/tunnels';
import { regionOf, type TopologyPlan } from '../../../lib/plan/plan';
import { awsFiles, awsTunnel } from './aws-end';

/** A key that is the same at both ends, and another one for each generation. */
export const keyOf = ({ name, generation }: TunnelKey): string =>
  `K${Buffer.from(`${name} ${generation}`).toString('hex')}`;

/** One end of a tunnel: a router of its own, because IPsec outside the kernel has one interface a router. */
export interface TunnelRouter {
  readonly name: string;
  readonly region: string;
  readonly namespace: string;
  readonly lan: string;
  readonly folder: string;
  charon?: ChildProcess;
  /** Files as last written, by name. */
  files: Readonly<Record<string, string>>;
}

/** What AWS gives its tunnels, in a region of a plan. */
const AWS_OUTSIDES = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'];

/** The outside addresses of a region. */
export function outsidesOf(plan: TopologyPlan, region: string): readonly string[] {
  const { network } = regionOf(plan, region);
  return network?.type === 'onPremises' ? network.publicIps : AWS_OUTSIDES;
}

/** Outside addresses of regions of AWS. */
export const cloudOutsides = ({ regions }: TopologyPlan): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    regions.filter(({ network }) => network?.type === 'aws').map(({ name }) => [name, AWS_OUTSIDES] as const),
  );

/** A tunnel of a plan. */
export function tunnelOf(plan: TopologyPlan, name: string): TunnelPlan {
  const found = plan.links.flatMap(({ tunnels }) => tunnels).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no tunnel ${name}`);
  return found;
}

/** What a router runs with: generated files, or in AWS what AWS would say. */
export function routerFiles(
  plan: TopologyPlan,
  { region, name, lan }: TunnelRouter,
  others: readonly string[],
): Readonly<Record<string, string>> {
  const { network } = regionOf(plan, region);
  if (network?.type === 'aws') {
    const tunnel = tunnelOf(plan, name);
    const customers = outsidesOf(plan, endsFrom(tunnel, region).peer.region);
    const [cidr = ''] = network.cidrs;
    return awsFiles(awsTunnel(tunnel, region, AWS_OUTSIDES, customers, keyOf), { cidr, lan, others });
  }
  const router = routerOf(plan, region, {
    keyOf,
    tunnels: [name],
    siblings: { own: lan, others },
    outsideAddresses: cloudOutsides(plan),
    dataplane: 'libipsec',
  });
  return {
    'bird.conf': birdConf(router),
    'rules.nft': nftablesConf(router),
    'interfaces.sh': interfacesScript(router),
    'generated.conf': strongswanConf(router),
    'swanctl.conf': swanctlConf(router),
  };
}
