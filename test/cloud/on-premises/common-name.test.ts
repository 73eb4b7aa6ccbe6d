import { commonNameScript } from '../../../lib/cloud/on-premises';
import { Links } from '../../../lib/plan/network/links';
import { planTopology, type TopologyProps } from '../../../lib/plan/plan';
import { Tls } from '../../../lib/plan/tls';
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
    expect(text).toContain('left=$((began + 30 - ');
    expect(text).toContain("--cacert '/etc/ssl/ours.pem'");
    expect(text).toContain('unbound-control -c /etc/u local_data "registry.example.com. 20 IN A $best"');
  });

  it('is checked with the private CA where a Harbor has a certificate of one, and with none where all are public', () => {
    const tls = (own: Tls) =>
      Object.fromEntries(Object.entries(regions).map(([name, one]) => [name, { ...one, tls: own }]));
    expect(commonNameScript(planned({ dns: {} }), 'factory')).toContain("--cacert '/etc/harbor-fleet/ca.crt'");
    const open = planned({ dns: {}, regions: tls(Tls.certManager({ issuer: 'letsencrypt' })) });
    expect(commonNameScript(open, 'factory')).not.toContain('--cacert');
    const none = planned({ dns: {}, regions: tls(Tls.none()) });
    expect(commonNameScript(none, 'factory')).not.toContain('--cacert');
  });

  it('is left alone where there is no choice', () => {
    expect(commonNameScript(planned({}), 'factory')).toBeUndefined();
    expect(commonNameScript(planned({ dns: {}, links: Links.list([]) }), 'factory')).toBeUndefined();
  });
});
