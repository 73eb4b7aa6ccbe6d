import { output } from '@pulumi/pulumi';
import { aws, loadBalancerAnnotations } from '../../../lib/cloud/aws';
import { Network } from '../../../lib/index';
import { Exposure, type RegionArgs, type TopologyArgs } from '../../../lib/pulumi/index';
import { deploy } from '../linked';
import { networkAnswers } from './ends';

jest.setTimeout(60_000);

const PLACE = { vpcId: 'vpc-a', subnetIds: ['subnet-a1', 'subnet-a2'], routeTableIds: ['rtb-a'] };
const internal = Exposure.loadBalancer({ annotations: { ...loadBalancerAnnotations({ scheme: 'internal' }) } });
const HARBOR = 'virginia.registry.example.com';
const INSIDE = { addresses: { [HARBOR]: ['10.0.0.10'] } };

/** Paths and problems of the warnings about a region of AWS that is linked to a data centre. */
async function warnings(
  region: Partial<RegionArgs>,
  groups?: readonly string[],
  more: Partial<TopologyArgs> = {},
): Promise<readonly string[]> {
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  await deploy(
    () => ({
      virginia: {
        network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'] }),
        cloud: aws({ ...PLACE, securityGroupIds: groups }),
        exposure: internal,
        ...region,
      },
      factory: {
        network: Network.onPremises({ cidrs: ['10.2.0.0/16'], publicIps: ['198.51.100.1'], resolvers: ['10.2.0.53'] }),
      },
    }),
    { only: ['virginia'], ...more },
    {
      outputs: (asked) =>
        /:(Service|Ingress)$/.test(asked.type)
          ? { status: { loadBalancer: { ingress: [{ hostname: 'a1.elb.us-east-1.amazonaws.com' }] } } }
          : networkAnswers(asked),
    },
  );
  const said = warned.mock.calls.map(([text]) => String(text).replace(/^warning: \[runtime\] |\n.*/gs, ''));
  warned.mockRestore();
  return said;
}

describe('a linked region of AWS', () => {
  it('is warned of where nothing opens security groups, unless others do', async () => {
    expect(await warnings({})).toEqual([
      'regions.virginia.cloud.securityGroupIds: is missing: no firewall rules are made, and linked regions are refused where none are open',
    ]);
    expect(await warnings({}, [])).toEqual([]);
    expect(await warnings({}, ['sg-a'])).toEqual([]);
    expect(await warnings({ exposure: undefined }, undefined, { links: undefined })).toEqual([]);
  });

  const scheme = 'regions.virginia.exposure.annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"]';
  const way = `other regions reach ${HARBOR} over the internet, not over links`;
  const facing = `makes a load balancer that faces the internet: ${way}`;
  const service = (annotations: object): RegionArgs['exposure'] => ({ type: 'loadBalancer', annotations }) as never;
  const annotation = (key: string, value: unknown) => ({
    [`service.beta.kubernetes.io/aws-load-balancer-${key}`]: value,
  });
  const alb = (value: string) =>
    Exposure.ingress({ controller: 'alb', annotations: { 'alb.ingress.kubernetes.io/scheme': value } });

  it.each<[string, Partial<RegionArgs>, readonly string[]]>([
    [
      'that asks for no scheme',
      { exposure: Exposure.loadBalancer() },
      [`${scheme}: is missing: unless the cluster's controller makes internal load balancers by itself, ${way}`],
    ],
    [
      'that faces the internet',
      { exposure: service(annotation('scheme', 'internet-facing')) },
      [`${scheme}: ${facing}`],
    ],
    [
      'of an Ingress that faces the internet',
      { exposure: alb('internet-facing') },
      [`regions.virginia.exposure.annotations["alb.ingress.kubernetes.io/scheme"]: ${facing}`],
    ],
    ['that faces the internet, beside an address inside', { exposure: Exposure.loadBalancer(), ...INSIDE }, []],
    ['that is internal by the former annotation', { exposure: service(annotation('internal', 'true')) }, []],
    ['whose scheme is known late', { exposure: service(annotation('scheme', output('internal'))) }, []],
    ['of an Ingress that is internal', { exposure: alb('internal') }, []],
    ['of an Ingress that is not AWS’s', { exposure: Exposure.ingress() }, []],
  ])('with a load balancer %s is warned of where that leads over the internet', async (_, region, expected) => {
    const said = await warnings(region, ['sg-a']);
    expect(said.filter((text) => /scheme|internet/.test(text))).toEqual(expected);
  });
});
