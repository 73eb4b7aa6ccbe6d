import { Links } from '../../../lib/plan/network/links';
import { planTopology, regionOf, type TopologyProps } from '../../../lib/plan/plan';
import fc from '../../support/properties';
import { bucket } from '../topologies';
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

  describe('of clients, whose name of a Harbor leads over the link', () => {
    const purpose = 'clients by the private name of a region';
    const alone = { nodeMirror: false as const, kraken: false as const };
    const rulesOf = (more: Partial<TopologyProps>, links: Links = Links.mesh()) => {
      const plan = planTopology(networked([network('aws', 0), resolver(1)], links, { defaults: alone, ...more }));
      return (region: string) =>
        (regionOf(plan, region).network?.firewall ?? [])
          .filter(({ ports }) => !ports.includes(53) && ports.length > 0)
          .map(({ direction, ports, peers, purpose: why }) => [direction, ports, peers.map((one) => one.region), why]);
    };
    const none = { projects: {} };

    it('let them in where nodes and replication open nothing', () => {
      const rules = rulesOf(none);
      expect(rules('region-0')).toEqual([
        ['egress', [443], ['region-1'], purpose],
        ['ingress', [443], ['region-1'], purpose],
      ]);
      expect(rules('region-1')).toEqual([
        ['ingress', [443], ['region-0'], purpose],
        ['egress', [443], ['region-0'], purpose],
      ]);
    });

    it('open nothing that pulls or replication open already', () => {
      const replicated = rulesOf({ projects: { library: { home: 'region-0', replicateTo: ['region-1'] } } });
      expect(replicated('region-0')).toEqual([
        ['egress', [443], ['region-1'], 'replication of images'],
        ['ingress', [443], ['region-1'], purpose],
      ]);
      const mirrored = rulesOf({ ...none, defaults: {} });
      expect(mirrored('region-0').map(([, , , why]) => why)).not.toContain(purpose);
    });

    it('use the port of each Harbor there, tenants among them', () => {
      const { regions } = networked([network('aws', 0), resolver(1)], undefined);
      const tls = { type: 'none' as const };
      const { 'region-0': first, 'region-1': second } = regions;
      if (first === undefined || second === undefined) throw new Error('two regions');
      const rules = rulesOf({
        ...none,
        regions: {
          'region-0': {
            ...first,
            tenants: { acme: { domain: 'acme.example.com', ...bucket('acme'), tls } },
          },
          'region-1': second,
        },
      });
      expect(rules('region-1').filter(([direction]) => direction === 'egress')).toEqual([
        ['egress', [443], ['region-0'], purpose],
        ['egress', [80], ['region-0'], purpose],
      ]);
    });

    it('are let out only to regions whose resolver they ask', () => {
      const plan = planTopology(
        networked([network('aws', 0), network('onPremises', 1)], Links.mesh(), { defaults: alone, ...none }),
      );
      const directions = (region: string) =>
        (regionOf(plan, region).network?.firewall ?? [])
          .filter(({ ports }) => ports.includes(443))
          .map(({ direction }) => direction);
      expect([directions('region-0'), directions('region-1')]).toEqual([['ingress'], ['egress']]);
    });
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
