import { plural } from './describe.js';
import type { CostsPlan, ImagesCost } from './network/costs.js';
import type { TopologyPlan } from './plan.js';
import { AT_A_GLANCE, type Section } from './report-rows.js';

/** What linked networks cost: by region, by link, and in all, for a Kraken in each region and for one tracker. */
export function costTables({ costs }: TopologyPlan): readonly Section[] {
  return costs === undefined ? [] : [regionsTable(costs), linksTable(costs)];
}

const title = (text: string, { example }: CostsPlan): string =>
  example ? `${text} (example prices, unchecked: set "prices")` : text;

const moneyIn =
  ({ currency }: CostsPlan) =>
  (amount: number | undefined): string =>
    amount === undefined ? 'no price given' : `${amount} ${currency}`;

function regionsTable(costs: CostsPlan): Section {
  const money = moneyIn(costs);
  return {
    title: title('What linked regions cost', costs),
    columns: [
      ...['Region', 'Gateways', 'Attachments', 'Connections', 'Tunnels', 'Resolver addresses'],
      ...['A month, idle', 'A gigabyte out'],
    ],
    rows: [
      ...costs.regions.map((cost) => [
        cost.region,
        ...[cost.gateways, cost.attachments, cost.connections, cost.tunnels, cost.resolverAddresses].map(String),
        money(cost.idleMonth),
        money(cost.egressGb),
      ]),
      ['all', '', '', '', '', '', money(costs.idleMonth), ''],
    ],
  };
}

function linksTable(costs: CostsPlan): Section {
  const { links, nodes } = costs;
  const money = moneyIn(costs);
  const images = ({ perRegion, central }: ImagesCost): readonly string[] => [money(perRegion), money(central)];
  return {
    title: title(`What links cost, and 1 GB of images that ${plural(nodes, 'node')} of each region pull`, costs),
    detail: links.length > AT_A_GLANCE,
    columns: [
      ...['Between', 'Via', 'A month, idle', 'A gigabyte there', 'And back'],
      ...['1 GB, a Kraken in each region', '1 GB, one tracker for all'],
    ],
    rows: [
      ...links.map(({ between, via, idleMonth, gigabyte: { there, back }, images: image }) => [
        ...[between.join(' and '), via, money(idleMonth), money(there), money(back)],
        ...images(image),
      ]),
      ...(links.length > 1 ? [['all', '', '', '', '', ...images(costs.images)]] : []),
    ],
  };
}
