import { plural } from './describe.js';
import { rulesOf } from './network/clouds.js';
import type { FirewallRule } from './network/firewall.js';
import type { LinkPlan, TunnelEnd } from './network/links.js';
import type { NetworkPlan } from './network/plan-networks.js';
import type { RecordPlan } from './network/records.js';
import type { TopologyPlan } from './plan.js';
import { costTables } from './report-costs.js';
import { AT_A_GLANCE, among, type Section } from './report-rows.js';

/** The tables of linked networks and of names; none where nothing is linked or named. */
export function networkTables(plan: TopologyPlan): readonly Section[] {
  const tables = [
    networksTable(plan),
    linksTable(plan),
    namesTable(plan),
    failoverTable(plan),
    ...costTables(plan),
    tunnelsTable(plan),
    firewallTable(plan),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

const networksOf = ({ regions }: TopologyPlan): readonly (readonly [string, NetworkPlan])[] =>
  regions.flatMap(({ name, network }) => (network === undefined ? [] : [[name, network] as const]));

const networksTable = (plan: TopologyPlan): Section => ({
  title: 'Networks',
  columns: ['Region', 'Stands in', 'Ranges', 'Index', 'ASN', 'Reaches', 'DNS resolver'],
  rows: networksOf(plan).map(([name, network]) => [
    name,
    [rulesOf(network).title, 'region' in network ? network.region : ''].filter((text) => text !== '').join(' '),
    network.cidrs.join(', '),
    `${network.index}`,
    `${network.asn}`,
    among(plan, network.reaches, 'all others', name) || 'none',
    [
      network.resolvers?.join(', ') ??
        (network.type === 'onPremises' || network.type === 'external' ? 'none' : 'known later'),
      ...(network.privateDomains ?? []).map((domain) => `also for ${domain}`),
    ].join(', '),
  ]),
});

const linksTable = ({ links }: TopologyPlan): Section => ({
  title: 'Links',
  detail: links.length > AT_A_GLANCE,
  columns: ['Between', 'Via', 'Tunnels', 'Encryption', 'Inside addresses', 'Keys'],
  rows: links.map(({ between, via, tunnels, crypto, insideCidrs }) => [
    between.join(' and '),
    via,
    tunnels.length === 0 ? 'none' : `${tunnels.length}`,
    crypto ?? '',
    insideCidrs[0] === undefined ? '' : insideCidrs[0].replace('/30', '/28'),
    tunnels.map(({ key }) => key.generation).join(', '),
  ]),
});

const tunnelsTable = (plan: TopologyPlan): Section => {
  const networks = new Map(networksOf(plan));
  const end = ({ region, outside, inside, connection }: TunnelEnd): string => {
    const network = networks.get(region);
    const address = network !== undefined && 'publicIps' in network ? network.publicIps?.[outside] : undefined;
    const via = connection === undefined ? '' : `, connection ${connection.index} tunnel ${connection.tunnel}`;
    return `${inside} at ${address ?? `outside address ${outside}`}${via}`;
  };
  return {
    title: 'Every tunnel',
    detail: true,
    columns: ['Tunnel', 'Inside', 'First end', 'Second end', 'Key generation'],
    rows: plan.links.flatMap(({ tunnels }: LinkPlan) =>
      tunnels.map(({ name, insideCidr, ends: [a, b], key }) => [name, insideCidr, end(a), end(b), `${key.generation}`]),
    ),
  };
};

const namesTable = ({ records }: TopologyPlan): Section => ({
  title: 'Names',
  columns: ['Name', 'Known', 'Leads to', 'When', 'TTL', 'Health check'],
  rows: records.map((record) => [
    record.name,
    record.scope === 'public' ? 'everywhere' : 'over links',
    record.target.host ?? `${record.target.kind} ${record.target.instance} of ${record.target.region}`,
    whenText(record),
    `${record.ttlSeconds} s`,
    record.healthCheck ?? '',
  ]),
});

function whenText({ routing }: RecordPlan): string {
  if (routing === undefined) return 'always';
  return routing.policy === 'failover'
    ? `healthy, choice ${routing.order}`
    : `healthy and nearest, at ${routing.place}`;
}

const failoverTable = ({ dns }: TopologyPlan): Section => {
  const [check] = dns?.checks ?? [];
  const rows =
    dns === undefined || check === undefined
      ? []
      : [
          [
            'a health check fails',
            `${check.intervalSeconds} s × ${check.failures}`,
            `${check.intervalSeconds * check.failures} s`,
          ],
          ['resolvers forget the old answer', 'TTL', `${dns.ttlSeconds} s`],
          ['clients ask another region after at most', 'sum', `${dns.failoverSeconds} s`],
        ];
  return { title: 'Time to fail over by name', columns: ['What', 'From', 'Time'], rows };
};

const firewallTable = (plan: TopologyPlan): Section => ({
  title: 'Firewalls between linked networks',
  detail: true,
  columns: ['Region', 'Direction', 'To or from', 'Ports', 'Why'],
  rows: networksOf(plan).flatMap(([name, { firewall }]) =>
    firewall.map((rule) => [
      name,
      rule.direction,
      rule.peers.length <= 3
        ? rule.peers.map(({ region, cidrs }) => `${region} (${cidrs.join(', ')})`).join(', ')
        : plural(rule.peers.length, 'region'),
      portsText(rule),
      rule.purpose,
    ]),
  ),
});

const portsText = ({ protocol, ports }: FirewallRule): string =>
  protocol === 'icmp' ? 'ICMP 3/4' : ports.map((port) => (protocol === 'tcp' ? `${port}` : `${port}/UDP`)).join(', ');
