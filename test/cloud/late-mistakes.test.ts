import { ComponentResource, RunError } from '@pulumi/pulumi';
import { tableOf } from '../../lib/cloud/alicloud/transit';
import { azure } from '../../lib/cloud/azure';
import { keyOf } from '../../lib/cloud/azure/object-container';
import type { Cloud } from '../../lib/cloud/cloud';
import { gcp } from '../../lib/cloud/gcp';
import { reachable } from '../../lib/cloud/gcp/names';
import { addressOf } from '../../lib/cloud/gcp/nas-file-system';
import { reasonOf, record } from '../pulumi/support/mocks';
import { ARGS as AZURE } from './azure/fixtures';
import { siteOf, tunnelsOf } from './gathered';
import { ARGS as GCP } from './gcp/fixtures';
import { networkOf, planOf } from './network-fixtures';

/** What is wrong with the outside address of a gateway that a cloud tells nothing about. */
async function silentGateway(kind: 'gcp' | 'azure', cloud: Cloud): Promise<unknown> {
  const plan = planOf({ holland: networkOf(kind, 0), factory: networkOf('onPremises', 1) });
  let reason: unknown;
  await record(
    async () => {
      const parent = new ComponentResource('test:Topology', 'registry');
      const network = cloud.open('holland', siteOf(plan, 'holland'), parent);
      const [first] = tunnelsOf(plan, 'holland');
      if (first === undefined) throw new Error('no tunnel');
      reason = await reasonOf(network.outside(first.tunnel));
    },
    {
      outputs: ({ name }) => ({
        vpnInterfaces: [{ id: 1, ipAddress: '203.0.113.1' }],
        ipAddress: name.endsWith('-0') ? undefined : '203.0.113.1',
      }),
    },
  );
  return reason;
}

function thrown(made: () => unknown): unknown {
  try {
    return made();
  } catch (reason) {
    return reason;
  }
}

describe('what a cloud tells late', () => {
  it.each<[string, () => unknown]>([
    ['Google Cloud gave the gateway of holland no outside address 0', () => silentGateway('gcp', gcp(GCP))],
    ['Azure gave the gateway of holland no outside address 0', () => silentGateway('azure', azure(AZURE))],
    [
      'azure ObjectContainer "holland".keyNumber: Azure tells no key 2 of the account',
      () => thrown(() => keyOf('holland', 2, [{ value: 'first key' }])),
    ],
    ['Filestore gave holland no address', () => thrown(() => addressOf('holland', [{}]))],
    ['regions.holland.cloud: Cloud DNS has no address', () => thrown(() => reachable('regions.holland.cloud', [], []))],
    [
      'regions.bangkok.cloud.cen.transitRouterId: tr-a1 has no system route table',
      () => thrown(() => tableOf('regions.bangkok.cloud.cen.transitRouterId', 'tr-a1', [])),
    ],
  ])('is told without a stack trace: %s', async (message, reason) => {
    const found = await reason();
    expect(String(found)).toContain(message);
    // Pulumi prints the message of a RunError alone.
    expect(RunError.isInstance(found)).toBe(true);
  });
});
