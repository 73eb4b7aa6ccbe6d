import { checkExposure, Exposure, hasNginx, readExposure } from '../../lib/plan/exposure';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';
import { Tls } from '../../lib/plan/tls';
import { told } from './harbors';

const read = (exposure: unknown) => {
  const issues = new Issues();
  const value = readExposure(new Reader({ exposure }, '', issues), 'exposure');
  return { value, issues: told(issues.all) };
};

describe('readExposure', () => {
  it.each([
    [undefined, { type: 'loadBalancer', annotations: {}, sourceRanges: [] }],
    [Exposure.loadBalancer(), { type: 'loadBalancer', annotations: {}, sourceRanges: [] }],
    [
      Exposure.loadBalancer({
        annotations: { a: 'b' },
        loadBalancerIp: '203.0.113.7',
        sourceRanges: ['203.0.113.0/24', '2001:db8::/32'],
        externalTrafficPolicy: 'Local',
      }),
      {
        type: 'loadBalancer',
        annotations: { a: 'b' },
        loadBalancerIp: '203.0.113.7',
        sourceRanges: ['203.0.113.0/24', '2001:db8::/32'],
        externalTrafficPolicy: 'Local',
      },
    ],
    [Exposure.ingress(), { type: 'ingress', controller: 'nginx', annotations: {} }],
    [
      Exposure.ingress({
        className: 'public',
        controller: 'alb',
        annotations: { x: 'y' },
        controllerPods: { namespace: 'ingress', labels: { app: 'controller' } },
      }),
      {
        type: 'ingress',
        className: 'public',
        controller: 'alb',
        annotations: { x: 'y' },
        controllerPods: { namespace: 'ingress', labels: { app: 'controller' } },
      },
    ],
    [
      Exposure.gateway({ parentRefs: [{ name: 'gw', namespace: 'infra', sectionName: 'https' }] }),
      { type: 'gateway', parentRefs: [{ name: 'gw', namespace: 'infra', sectionName: 'https' }] },
    ],
    [Exposure.nodePort(), { type: 'nodePort', httpPort: 30002, httpsPort: 30003 }],
    [Exposure.clusterIp(), { type: 'clusterIp' }],
  ])('reads %j', (given, expected) => {
    const { value, issues } = read(given);
    expect(issues).toEqual([]);
    expect(value).toEqual(expected);
  });

  it.each([
    [{ type: 'route' }, ['exposure.type: is not one of the choices']],
    [{ className: 'x' }, ['exposure.type: is missing', 'exposure.className: is not a setting here']],
    [{ type: 'clusterIp', port: 1 }, ['exposure.port: is not a setting here']],
    [{ type: 'gateway', parentRefs: [] }, ['exposure.parentRefs: names no Gateway']],
    [
      { type: 'gateway', parentRefs: [{ gateway: 'x' }] },
      ['exposure.parentRefs[0].gateway: is not a setting here', 'exposure.parentRefs[0].name: is missing'],
    ],
    [{ type: 'nodePort', httpPort: 80 }, ['exposure.httpPort: is out of range']],
    [{ type: 'nodePort', httpPort: 30003 }, ['exposure.httpsPort: is the port of plain HTTP too']],
    [
      { type: 'loadBalancer', loadBalancerIp: 'x', sourceRanges: ['10.0.0.1'] },
      ['exposure.loadBalancerIp: is not valid', 'exposure.sourceRanges[0]: is not valid'],
    ],
    [
      { type: 'ingress', controllerPods: {} },
      ['exposure.controllerPods.labels: is missing', 'exposure.controllerPods.namespace: is missing'],
    ],
  ])('refuses %j', (given, expected) => {
    expect(read(given).issues).toEqual(expected);
  });

  it('runs nginx for Services only', () => {
    const nginx = (exposure: unknown) => hasNginx(read(exposure).value);
    expect([Exposure.loadBalancer(), Exposure.nodePort(), Exposure.clusterIp()].every(nginx)).toBe(true);
    expect([Exposure.ingress(), Exposure.gateway({ parentRefs: [{ name: 'x' }] })].some(nginx)).toBe(false);
  });
});

describe('checkExposure', () => {
  const check = (exposure: object, tls: Tls, internalTls: Tls) => {
    const issues = new Issues();
    const reader = new Reader({ exposure }, '', issues);
    checkExposure(reader, 'exposure', readExposure(reader, 'exposure'), tls, internalTls);
    return issues.all.map((issue) => `${issue.level} ${issue.path}`);
  };

  it.each([
    ['traefik', Tls.provided(), Tls.provided(), ['error exposure.controller']],
    ['traefik', Tls.provided(), Tls.none(), []],
    ['other', Tls.provided(), Tls.provided(), ['warning exposure.controller']],
    ['alb', Tls.provided(), Tls.none(), ['warning exposure.controller']],
    ['alb', Tls.existingSecret({ name: 'x' }), Tls.none(), []],
    ['gce', Tls.none(), Tls.none(), ['warning exposure.controller']],
    ['nginx', Tls.provided(), Tls.provided(), []],
  ] as const)('%s', (controller, tls, internalTls, expected) => {
    expect(check(Exposure.ingress({ controller }), tls, internalTls)).toEqual(expected);
  });

  it('has nothing to say of a load balancer', () => {
    expect(check(Exposure.loadBalancer(), Tls.provided(), Tls.provided())).toEqual([]);
  });
});
