import { privateRecords, type RecordPlan } from '../../plan/network/dns.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';

/** Addresses that are known when deployed. */
export interface NameAddresses {
  /** Addresses of the region's own private names, by name; or one host name that a name stands for. */
  readonly records: Readonly<Record<string, readonly string[]>>;
  /** Addresses of resolvers of other regions that the plan does not know, by region. @default - none */
  readonly resolvers?: Readonly<Record<string, readonly string[]>>;
}

interface Zone {
  readonly name: string;
  readonly resolvers: readonly string[];
}

/** Zones of other regions, each with the addresses to ask. */
function forwarded(plan: TopologyPlan, region: string, { resolvers = {} }: NameAddresses): readonly Zone[] {
  return (regionOf(plan, region).network?.forwards ?? []).map((forward) => {
    const addresses = forward.resolvers ?? resolvers[forward.region];
    if (addresses === undefined || addresses.length === 0) {
      throw new Error(`no address of the resolver of region "${forward.region}" is given`);
    }
    return { name: forward.zone, resolvers: addresses };
  });
}

/** The region's own private names, each with what it leads to. */
function own(
  plan: TopologyPlan,
  region: string,
  { records }: NameAddresses,
): readonly (readonly [RecordPlan, string[]])[] {
  return privateRecords(plan, region).map((record) => {
    const { host } = record.target;
    const values = records[record.name] ?? (host === undefined ? [] : [host]);
    if (values.length === 0) throw new Error(`no address of ${record.name} is given`);
    return [record, values.map((value) => (isAddress(value) ? `A ${value}` : `CNAME ${value}.`))] as const;
  });
}

const isAddress = (host: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(host);

/** A Corefile for the resolver of a data centre: forwards to other regions, and the region's own private names. */
export function corefile(plan: TopologyPlan, region: string, addresses: NameAddresses): string {
  const zones = new Map<string, string[]>();
  for (const [{ name, zone = '', ttlSeconds }, answers] of own(plan, region, addresses)) {
    const records = answers.map((answer) => `        answer "${name}. ${ttlSeconds} IN ${answer}"`);
    const type = answers[0]?.startsWith('CNAME') ? 'ANY' : 'A';
    const template = [
      `    template IN ${type} ${zone} {`,
      `        match "^${name.replaceAll('.', '[.]')}[.]$"`,
      ...records,
      '        fallthrough',
      '    }',
    ];
    zones.set(zone, [...(zones.get(zone) ?? []), ...template]);
  }
  return [
    ...[...zones].flatMap(([zone, lines]) => [`${zone} {`, ...lines, '    errors', '}', '']),
    ...forwarded(plan, region, addresses).flatMap(({ name, resolvers }) => [
      `${name} {`,
      `    forward . ${resolvers.join(' ')} {`,
      '        max_fails 2',
      '        health_check 5s',
      '    }',
      '    cache 30',
      '    errors',
      '}',
      '',
    ]),
  ].join('\n');
}

/** The same for unbound, as a file of `unbound.conf.d`. */
export function unboundConf(plan: TopologyPlan, region: string, addresses: NameAddresses): string {
  const names = own(plan, region, addresses);
  const zones = [...new Set(names.map(([{ zone = '' }]) => zone))];
  const forwards = forwarded(plan, region, addresses);
  return [
    'server:',
    ...zones.map((zone) => `    local-zone: "${zone}." static`),
    ...names.flatMap(([{ name, ttlSeconds }, answers]) =>
      answers.map((answer) => `    local-data: "${name}. ${ttlSeconds} IN ${answer}"`),
    ),
    // Private zones of other regions are not signed.
    ...forwards.map(({ name }) => `    domain-insecure: "${name}."`),
    ...forwards.flatMap(({ name, resolvers }) => [
      'forward-zone:',
      `    name: "${name}."`,
      ...resolvers.map((address) => `    forward-addr: ${address}`),
    ]),
    '',
  ].join('\n');
}
