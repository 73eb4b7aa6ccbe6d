import { Links } from '../../../lib/plan/network/links';
import { planTopology, regionOf } from '../../../lib/plan/plan';
import fc from '../../support/properties';
import { linkedTopologies, network, networked } from './networks';

const resolver = (i: number) => ({ ...network('onPremises', i), resolvers: [`10.${i}.0.53`] });

describe('firewall rules', () => {
  it('let through pulls, replication, names and path MTU, and nothing else', () => {
    const plan = planTopology(networked([resolver(0), resolver(1)], Links.mesh()));
    const peers = [{ region: 'region-1', cidrs: ['10.1.0.0/16'] }];
    const names = 'private names of linked regions';
    const pathMtu = 'path MTU discovery: packets that do not fit into a tunnel';
    const pulls = 'image pulls by the name of a region';
    expect(regionOf(plan, 'region-0').network?.firewall).toEqual([
      { direction: 'egress', protocol: 'tcp', ports: [443], peers, purpose: pulls },
      { direction: 'ingress', protocol: 'tcp', ports: [443], peers, purpose: pulls },
      { direction: 'egress', protocol: 'tcp', ports: [443], peers, purpose: 'replication of images' },
      { direction: 'egress', protocol: 'udp', ports: [53], peers, purpose: names },
      { direction: 'egress', protocol: 'tcp', ports: [53], peers, purpose: names },
      { direction: 'ingress', protocol: 'udp', ports: [53], peers, purpose: names },
      { direction: 'ingress', protocol: 'tcp', ports: [53], peers, purpose: names },
      { direction: 'egress', protocol: 'icmp', ports: [], peers, purpose: pathMtu },
      { direction: 'ingress', protocol: 'icmp', ports: [], peers, purpose: pathMtu },
    ]);
  });

  it('use the port of the other Harbor, and let replication in only where it goes', () => {
    const props = networked([resolver(0), resolver(1)], Links.mesh(), {
      projects: { library: { home: 'region-1', replicateTo: ['region-0'] } },
      defaults: { tls: { type: 'none' } },
    });
    const rules = regionOf(planTopology(props), 'region-0').network?.firewall ?? [];
    const replication = rules.filter(({ purpose }) => purpose === 'replication of images');
    expect(replication.map(({ direction, ports }) => [direction, ports])).toEqual([['ingress', [80]]]);
  });

  it("let Google Cloud's resolver ask from its own addresses, for names alone", () => {
    const plan = planTopology(networked([network('gcp', 0), resolver(1)], Links.mesh()));
    const rules = regionOf(plan, 'region-1').network?.firewall ?? [];
    const sources = (port: number) =>
      rules
        .filter(({ direction, ports }) => direction === 'ingress' && ports.includes(port))
        .flatMap(({ peers }) => peers.flatMap(({ cidrs }) => cidrs));
    expect(new Set(sources(53))).toEqual(new Set(['10.0.0.0/16', '35.199.192.0/19']));
    expect(new Set(sources(443))).toEqual(new Set(['10.0.0.0/16']));
  });

  it('say the same on both sides: what one lets out, the other lets in', () => {
    fc.assert(
      fc.property(linkedTopologies, (props) => {
        const plan = planTopology(props);
        const crossings = (direction: 'ingress' | 'egress') =>
          plan.regions
            .flatMap(({ name, network: own }) =>
              (own?.firewall ?? [])
                .filter((rule) => rule.direction === direction)
                .flatMap(({ protocol, ports, peers, purpose }) =>
                  peers.map(({ region }) => {
                    expect(own?.reaches).toContain(region);
                    const [from, to] = direction === 'egress' ? [name, region] : [region, name];
                    return `${from} ${to} ${protocol} ${ports.join()} ${purpose}`;
                  }),
                ),
            )
            .sort();
        // A hub in the middle passes routes on both ways or not at all, so whoever is let out is let in.
        expect(crossings('egress')).toEqual(crossings('ingress'));
      }),
      { numRuns: 50 },
    );
  });
});
