import { privateRecords } from '../../plan/network/private-names.js';
import { answerWith } from '../../plan/network/records.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';

/** Addresses that are known when deployed. */
export interface NameAddresses {
  /**
   * Addresses of the region's own private names, by name; or one host name that a name stands for. Harbor's must be here, and a database's
   * unless the settings name its host; names of Kraken that are not here get no record.
   */
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

interface OwnName {
  readonly name: string;
  readonly zone: string;
  readonly type: 'A' | 'CNAME';
  /** Records of its addresses, or of the one host name that it stands for. */
  readonly answers: readonly string[];
}

/** The region's own private names, each with what it leads to. Kraken's are pods', so they stand here only where an address is given. */
function own(plan: TopologyPlan, region: string, { records }: NameAddresses): readonly OwnName[] {
  return privateRecords(plan, region).flatMap(({ name, zone, ttlSeconds, target: { host, kind } }) => {
    const values = records[name] ?? (host === undefined ? [] : [host]);
    if (values.length === 0) {
      if (kind === 'kraken-origin' || kind === 'kraken-build-index') return [];
      throw new Error(`no address of ${name} is given`);
    }
    const answer = answerWith(values);
    if (answer === undefined) {
      throw new Error(`${name}: leads to ${values.join(', ')}, not to IPv4 addresses or one host name`);
    }
    const { type } = answer;
    const answers = answer.values.map(
      (value) => `${name}. ${ttlSeconds} IN ${type} ${value}${type === 'A' ? '' : '.'}`,
    );
    return { name, zone, type, answers };
  });
}

/**
 * A Corefile for the resolver of a data centre: forwards to other regions, and the region's own private names. Where one of these stands for a
 * host name, CoreDNS looks that up by itself: its other server blocks must know it.
 */
export function corefile(plan: TopologyPlan, region: string, addresses: NameAddresses): string {
  const names = own(plan, region, addresses);
  return [
    ...[...new Set(names.map(({ zone }) => zone))].flatMap((zone) =>
      ownZone(
        zone,
        names.filter((one) => one.zone === zone),
      ),
    ),
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

/** A zone that nobody else answers for: CoreDNS would say that it failed, not that there is no such name or record. */
function ownZone(zone: string, names: readonly OwnName[]): readonly string[] {
  const template = (type: 'A' | 'ANY', ...lines: readonly string[]): readonly string[] => [
    `    template IN ${type} ${zone} {`,
    ...lines.map((line) => `        ${line}`),
    '    }',
  ];
  const match = ({ name }: OwnName): string => `match "^${name.replaceAll('.', '[.]')}[.]$"`;
  const nothing = `authority "${zone}. 30 IN SOA ${zone}. hostmaster.${zone}. 1 3600 600 86400 30"`;
  return [
    `${zone} {`,
    ...names.flatMap((name) =>
      template(
        name.type === 'A' ? 'A' : 'ANY',
        match(name),
        ...name.answers.map((answer) => `answer "${answer}"`),
        'fallthrough',
      ),
    ),
    ...template('ANY', ...names.map(match), nothing, 'fallthrough'),
    ...template('ANY', 'rcode NXDOMAIN', nothing),
    '    errors',
    '}',
    '',
  ];
}

/** The same for unbound, as a file of `unbound.conf.d`. */
export function unboundConf(plan: TopologyPlan, region: string, addresses: NameAddresses): string {
  const names = own(plan, region, addresses);
  const zones = [...new Set(names.map(({ zone }) => zone))];
  const forwards = forwarded(plan, region, addresses);
  return [
    'server:',
    ...zones.map((zone) => `    local-zone: "${zone}." static`),
    // Of a zone of this type, what an alias leads to is looked up and answered with it.
    ...names.filter(({ type }) => type === 'CNAME').map(({ name }) => `    local-zone: "${name}." redirect`),
    ...names.flatMap(({ answers }) => answers.map((answer) => `    local-data: "${answer}"`)),
    // Private zones of other regions are not signed, and their addresses are private: a site's `private-address` would strip them.
    ...forwards.flatMap(({ name }) => [`    domain-insecure: "${name}."`, `    private-domain: "${name}."`]),
    ...forwards.flatMap(({ name, resolvers }) => [
      'forward-zone:',
      `    name: "${name}."`,
      ...resolvers.map((address) => `    forward-addr: ${address}`),
    ]),
    '',
  ].join('\n');
}
