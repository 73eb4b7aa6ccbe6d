import { commonNameScript } from '../../../lib/cloud/on-premises';
import { Links } from '../../../lib/plan/network/links';
import { planTopology, type TopologyProps } from '../../../lib/plan/plan';
import { topology } from '../../plan/topologies';
import { regions } from './fixtures';

const places = { frankfurt: 'eu-central-1', factory: 'eu-west-1' };
const planned = (more: Partial<TopologyProps>) => planTopology(topology(0, { regions, links: Links.mesh(), ...more }));
const urls = (text: string | undefined) =>
  /^set -- (.+)$/m
    .exec(text ?? '')?.[1]
    ?.split(' ')
    .map((url) => new URL(url).hostname.replace('.registry.example.com', ''));

describe('the common name in a data centre', () => {
  it('leads to the first healthy region in the order of the plan, or to its own first', () => {
    expect(urls(commonNameScript(planned({ dns: {} }), 'factory'))).toEqual(['virginia', 'frankfurt', 'factory']);
    expect(urls(commonNameScript(planned({ dns: { routing: 'latency', places } }), 'factory'))).toEqual([
      'factory',
      'virginia',
      'frankfurt',
    ]);
  });

  it('is checked by the body, as often and as many times as planned', () => {
    const dns = { checkInterval: '30s', checkFailures: 5, ttl: '20s' } as const;
    const text = commonNameScript(planned({ dns }), 'factory', {
      caFile: '/etc/ssl/ours.pem',
      control: 'unbound-control -c /etc/u',
    });
    expect(text).toContain(`*'],"status":"healthy"'*`);
    expect(text).toContain('-lt 5 ]');
    expect(text).toContain('sleep 30');
    expect(text).toContain('--cacert /etc/ssl/ours.pem');
    expect(text).toContain('unbound-control -c /etc/u local_data "registry.example.com. 20 IN A $best"');
  });

  it('is left alone where there is no choice', () => {
    expect(commonNameScript(planned({}), 'factory')).toBeUndefined();
    expect(commonNameScript(planned({ dns: {}, links: Links.list([]) }), 'factory')).toBeUndefined();
  });
});
