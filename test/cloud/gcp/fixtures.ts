import { ComponentResource } from '@pulumi/pulumi';
import type { CloudNetwork } from '../../../lib/cloud/cloud';
import { type GcpArgs, gcp, VpnGateway } from '../../../lib/cloud/gcp';
import type { TopologyPlan } from '../../../lib/plan/plan';
import { type Recording, type RecordOptions, record } from '../../pulumi/support/mocks';
import { siteOf } from '../gathered';
import { outsideAddresses, selfLink } from './ends';

/** A VPC that exists. */
export const ARGS = {
  network: 'projects/example/global/networks/registry',
  gateway: VpnGateway.made(),
  firewallTargets: { networkTags: ['nodes'] },
} satisfies GcpArgs;

/** What Google Cloud makes up besides the inputs. */
export const answers: RecordOptions['outputs'] = ({ type, name }) => {
  switch (type) {
    case 'gcp:compute/haVpnGateway:HaVpnGateway':
      return { vpnInterfaces: outsideAddresses(name), selfLink: selfLink(name) };
    case 'gcp:compute/externalVpnGateway:ExternalVpnGateway':
      return { selfLink: selfLink(name) };
    default:
      return undefined;
  }
};

/** What its functions answer: an address in each subnet of all VPCs of the project. */
export const calls: RecordOptions['calls'] = ({ token }) =>
  token === 'gcp:compute/getAddresses:getAddresses'
    ? { addresses: ['10.0.8.2', '10.0.4.2', '192.168.0.2', '10.1.0.2'].map((address) => ({ address })) }
    : undefined;

/** Opens a region of a plan in a program, and records what is asked for. */
export const opened = (
  plan: TopologyPlan,
  region: string,
  args: GcpArgs = ARGS,
  then: (network: CloudNetwork) => unknown = () => undefined,
): Promise<Recording> =>
  record(
    async () => {
      const parent = new ComponentResource('test:Topology', 'registry');
      await then(gcp(args).open(region, siteOf(plan, region), parent));
    },
    { outputs: answers, calls },
  );
