import { output } from '@pulumi/pulumi';
import { type LoadBalancerProps, loadBalancerAnnotations } from '../../../lib/cloud/aws';
import { lift } from '../../../lib/plan/deferred';
import { Exposure } from '../../../lib/plan/exposure';
import { PlanError } from '../../../lib/plan/issues';
import { asOutput, runtime } from '../../../lib/pulumi/runtime';
import { planOf } from '../../k8s/harbor/plan-of';
import { known } from './fixtures';

const KEY = 'service.beta.kubernetes.io/aws-load-balancer-';

describe('loadBalancerAnnotations', () => {
  it('of the smallest leave the subnets to their tags', () => {
    expect(loadBalancerAnnotations({ scheme: 'internal' })).toEqual({
      [`${KEY}type`]: 'external',
      [`${KEY}nlb-target-type`]: 'ip',
      [`${KEY}scheme`]: 'internal',
      [`${KEY}attributes`]: 'load_balancing.cross_zone.enabled=true',
      [`${KEY}target-group-attributes`]: 'preserve_client_ip.enabled=false',
    });
  });

  it('say where and who', () => {
    const subnetIds = ['subnet-0a', 'subnet-0b'];
    expect(
      loadBalancerAnnotations({
        scheme: 'internal',
        subnetIds,
        privateIpv4Addresses: ['10.0.0.5', '10.0.1.5'],
        securityGroupIds: ['sg-0a'],
        crossZone: false,
        preserveClientIp: true,
      }),
    ).toMatchObject({
      [`${KEY}subnets`]: 'subnet-0a,subnet-0b',
      [`${KEY}private-ipv4-addresses`]: '10.0.0.5,10.0.1.5',
      [`${KEY}security-groups`]: 'sg-0a',
      // Else the targets stay unhealthy: the nodes let nobody of these groups in.
      [`${KEY}manage-backend-security-group-rules`]: 'true',
      [`${KEY}attributes`]: 'load_balancing.cross_zone.enabled=false',
      [`${KEY}target-group-attributes`]: 'preserve_client_ip.enabled=true',
    });
    expect(
      loadBalancerAnnotations({
        scheme: 'internet-facing',
        subnetIds,
        eipAllocationIds: ['eipalloc-0a', 'eipalloc-0b'],
      }),
    ).toMatchObject({ [`${KEY}scheme`]: 'internet-facing', [`${KEY}eip-allocations`]: 'eipalloc-0a,eipalloc-0b' });
  });

  it('take subnets that are known late, and Harbor’s plan takes them', async () => {
    const annotations = loadBalancerAnnotations({ scheme: 'internal', subnetIds: [output('subnet-0a'), 'subnet-0b'] });
    expect(planOf({ exposure: Exposure.loadBalancer({ annotations }) }).exposure).toMatchObject({ annotations });
    const lifted = asOutput(annotations[`${KEY}subnets`] ?? '');
    expect(lift(annotations, runtime)).toHaveProperty([`${KEY}scheme`], 'internal');
    expect(await known(lifted)).toBe('subnet-0a,subnet-0b');
  });

  it.each<[Record<string, unknown>, string]>([
    [{}, 'scheme: is missing'],
    [{ scheme: 'public' }, 'scheme: is not one of the choices'],
    [{ scheme: 'internal', subnetIds: ['a'] }, 'subnetIds[0]: is not valid'],
    [{ scheme: 'internal', securityGroupIds: ['a'] }, 'securityGroupIds[0]: is not valid'],
    [
      { scheme: 'internal', subnetIds: ['subnet-0a'], privateIpv4Addresses: ['a'] },
      'privateIpv4Addresses[0]: is not valid',
    ],
    [{ scheme: 'internal', privateIpv4Addresses: ['10.0.0.5'] }, 'privateIpv4Addresses: does not fit the subnets'],
    [
      { scheme: 'internal', subnetIds: ['subnet-0a', 'subnet-0b'], privateIpv4Addresses: ['10.0.0.5'] },
      'privateIpv4Addresses: does not fit the subnets',
    ],
    [
      { scheme: 'internet-facing', subnetIds: ['subnet-0a'], privateIpv4Addresses: ['10.0.0.5'] },
      'privateIpv4Addresses: is not used with an internet-facing load balancer',
    ],
    [
      { scheme: 'internal', subnetIds: ['subnet-0a'], eipAllocationIds: ['eipalloc-0a'] },
      'eipAllocationIds: is not used with an internal load balancer',
    ],
    [
      { scheme: 'internet-facing', subnetIds: ['subnet-0a'], eipAllocationIds: ['eip'] },
      'eipAllocationIds[0]: is not valid',
    ],
    [{ scheme: 'internal', proxyProtocol: true }, 'proxyProtocol: is not a setting here'],
    [{ scheme: 'internal', crossZone: 'yes' }, 'crossZone: is not a switch'],
  ])('refuse %j', (args, mistake) => {
    const issues = (): readonly string[] => {
      try {
        loadBalancerAnnotations(args as unknown as LoadBalancerProps);
      } catch (error) {
        if (error instanceof PlanError) return error.issues.map(({ path, problem }) => `${path}: ${problem}`);
        throw error;
      }
      return [];
    };
    expect(issues()).toEqual([`aws loadBalancerAnnotations.${mistake}`]);
    expect(() => loadBalancerAnnotations(args as unknown as LoadBalancerProps)).toThrow(
      '1 mistake in the settings of aws loadBalancerAnnotations',
    );
  });
});
