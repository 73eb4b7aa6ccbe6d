import { type Input, output } from '@pulumi/pulumi';
import * as alicloud from '../../lib/cloud/alicloud';
import * as aws from '../../lib/cloud/aws';
import * as gcp from '../../lib/cloud/gcp';
import type { RecordOptions } from '../pulumi/support/mocks';
import { mistaken, mistakes, NETWORK } from './aws/fixtures';

type Cidrs = readonly Input<string>[];

/** The address that Filestore gives. */
const options: RecordOptions = {
  outputs: ({ type, inputs }) =>
    type === 'gcp:filestore/instance:Instance'
      ? { networks: [{ ...inputs.networks[0], ipAddresses: ['10.99.0.2'] }] }
      : undefined,
};

const inAlicloud = { vpcId: 'vpc-1a', vswitchId: 'vsw-1a', zoneId: 'cn-hangzhou-h' };
const inGoogle = { network: 'projects/example/global/networks/registry', location: 'europe-west4' };

/** One component of each cloud that lets clients in by their addresses. */
const CLOUDS: Readonly<Record<string, (clientCidrs: Cidrs) => unknown>> = {
  aws: (clientCidrs) => new aws.NasFileSystem('a', { ...NETWORK, clientCidrs }),
  alicloud: (clientCidrs) => new alicloud.NasFileSystem('a', { ...inAlicloud, clientCidrs }),
  gcp: (clientCidrs) => new gcp.NasFileSystem('a', { ...inGoogle, clientCidrs }),
};

describe.each(Object.entries(CLOUDS))('clients of a service of %s', (cloud, make) => {
  it.each([
    ['10.20.0.1/16', 'does not begin at its first address'],
    ['0.0.0.0/0', 'lets everyone in'],
    ['10.20.0.0/0', 'lets everyone in'],
    ['10.20.0.0/33', 'is not a range of addresses'],
    ['10.20.0.0', 'is not a range of addresses'],
    ['010.20.0.0/16', 'is not a range of addresses'],
    ['fd00::/8', 'is not a range of addresses'],
  ])('are not %s', async (cidr, problem) => {
    expect(await mistaken(() => make(['10.1.0.0/16', cidr]), options)).toEqual([
      `${cloud} NasFileSystem "a".clientCidrs[1]: ${problem}`,
    ]);
  });

  it('are told how their range is written', async () => {
    expect(await mistakes(() => make(['10.20.0.1/16']), options)).toEqual([
      expect.stringContaining('write 10.20.0.0/16'),
    ]);
  });

  it('are ranges, one address, and what is known late', async () => {
    expect(await mistaken(() => make(['10.0.0.0/8', '10.1.2.3/32', output('10.2.0.0/16')]), options)).toEqual([]);
  });
});

it.each(['alicloud', 'gcp'])('a service of %s, where nobody else is let in, names somebody', async (cloud) => {
  const path = `${cloud} NasFileSystem "a".clientCidrs`;
  expect(await mistaken(() => CLOUDS[cloud]?.([]), options)).toEqual([`${path}: names nobody`]);
  expect(await mistaken(() => CLOUDS[cloud]?.(undefined as never), options)).toContainEqual(`${path}: is missing`);
});
