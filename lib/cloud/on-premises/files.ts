import { IPV4 } from '../../plan/address-rules.js';
import { isWithin } from '../../plan/addresses.js';
import { isDeferred } from '../../plan/deferred.js';
import { checkedCas, uniqueCertificates } from '../../plan/network/health.js';
import type { TunnelKey } from '../../plan/network/links.js';
import { linksOf } from '../../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';
import type { Reader, TextRule } from '../../plan/reader.js';
import { birdConf } from './bird.js';
import { CA_FILE, type CommonNameProps, commonNameScript } from './common-name.js';
import { corefile, type NameAddresses, unboundConf } from './names.js';
import { nftablesConf } from './nftables.js';
import { type RouterProps, routerOf } from './router.js';
import { routerService } from './service.js';
import { interfacesScript, strongswanConf, swanctlConf } from './strongswan.js';

const PATH: TextRule = { pattern: /^\/[^\s'"]+$/, allowed: 'an absolute path without spaces and quotes' };
const COMMAND: TextRule = { pattern: /^[^\n]+$/, allowed: 'a command with its options on one line' };

/** What a data centre's routers and its resolver are like. */
export interface DataCentreProps {
  /** The router's own addresses where `publicIps` lead to it by NAT, in the same order. @default - it has them itself */
  readonly localAddresses?: readonly string[];
  /**
   * The router's own address within `cidrs`, on one of its interfaces: what it asks itself comes from there, such as questions of a
   * resolver that runs on it. Of one router; several have theirs in `routers`. @default - none: where other regions must answer the router
   * itself, their rules refuse it
   */
  readonly lanAddress?: string;
  /** Routers by name, where a site has several; each needs its `tunnels` and `siblings`. @default - one, which ends all tunnels */
  readonly routers?: Readonly<Record<string, DataCentreRouter>>;
  /** What `common-name.sh` uses on the resolver's machine. @default - `unbound-control`, and `/etc/harbor-fleet/ca.crt` for private CAs */
  readonly commonName?: CommonNameProps;
}

/** One of several routers of a site. */
export type DataCentreRouter = Pick<RouterProps, 'localAddresses' | 'lanAddress' | 'tunnels' | 'siblings'>;

/** What the files of a data centre are written from beyond the plan. */
export interface DataCentreValues extends NameAddresses {
  /** The value of a tunnel's pre-shared key: letters and digits. */
  readonly keyOf: (key: TunnelKey) => string;
  /** Outside addresses of clouds, by region, in the order of the plan. @default - none */
  readonly outsideAddresses?: Readonly<Record<string, readonly string[]>>;
  /**
   * PEM of the topology's private CA, for `ca.crt`: `private-ca.pem` of `harbor-fleet secrets`, of which only certificates are taken. Needed
   * where `common-name.sh` asks a Harbor whose certificate comes from it, unless `commonName.caFile` says where it is already. CAs that
   * settings have as text are added. @default - none
   */
  readonly ca?: string;
}

/**
 * All files of a data centre by name: of its router (`swanctl.conf`, `strongswan.conf`, `interfaces.sh`, `bird.conf`, `harbor-fleet.nft`,
 * `harbor-fleet.service`), of several routers in a folder each, and of its resolver (`unbound.conf`, `Corefile`, `common-name.sh`, `ca.crt`).
 * Secret, for the keys in them.
 *
 * @throws Error when the region stands in no data centre, or a value is not there
 */
export function dataCentreFiles(
  plan: TopologyPlan,
  region: string,
  values: DataCentreValues,
  props: DataCentreProps = {},
): Readonly<Record<string, string>> {
  const { keyOf, outsideAddresses } = values;
  const routers: Readonly<Record<string, DataCentreRouter>> = props.routers ?? { '': { lanAddress: props.lanAddress } };
  const planned = linksOf(plan.links, region).flatMap(({ tunnels }) => tunnels.map(({ name }) => name));
  const ofRouters = Object.entries(planned.length > 0 ? routers : {}).flatMap(([name, own]) => {
    const tunnels = own.tunnels?.filter((tunnel) => planned.includes(tunnel));
    const given = { localAddresses: props.localAddresses, ...own, tunnels, keyOf, outsideAddresses };
    const router = routerOf(plan, region, given);
    const files = {
      'swanctl.conf': swanctlConf(router),
      'strongswan.conf': strongswanConf(router),
      'interfaces.sh': interfacesScript(router),
      'bird.conf': birdConf(router),
      'harbor-fleet.nft': nftablesConf(router),
      'harbor-fleet.service': routerService(),
    };
    return Object.entries(files).map(([file, text]) => [name === '' ? file : `${name}/${file}`, text] as const);
  });
  const ca = caText(plan, region, values, props);
  const caFile = props.commonName?.caFile ?? (ca === undefined ? undefined : CA_FILE);
  const commonName = commonNameScript(plan, region, { ...props.commonName, caFile });
  return {
    ...Object.fromEntries(ofRouters),
    'unbound.conf': unboundConf(plan, region, values),
    Corefile: corefile(plan, region, values),
    ...(commonName === undefined ? {} : { 'common-name.sh': commonName }),
    ...(commonName === undefined || ca === undefined ? {} : { 'ca.crt': ca }),
  };
}

/** PEM of the private CAs that `common-name.sh` must trust; nothing where there are none, or they are on the machine already. */
function caText(
  plan: TopologyPlan,
  region: string,
  { ca }: DataCentreValues,
  { commonName }: DataCentreProps,
): string | undefined {
  const cas = checkedCas(plan, region);
  const own = cas.filter((one) => one.ca.from === 'secrets').map((one) => one.region);
  if (own.length > 0 && ca === undefined && commonName?.caFile === undefined) {
    const regions = own.join(', ');
    throw new Error(
      `no CA is given, and certificates of Harbor in ${regions} come from the topology's private one: give its PEM as ca, or say by commonName.caFile where it is on the machine of the resolver`,
    );
  }
  if (ca !== undefined && uniqueCertificates([ca]) === '') throw new Error('ca holds no certificate in PEM');
  // In a stack, texts that are late are in the value.
  const texts = cas.flatMap((one) => (one.ca.from === 'text' && !isDeferred(one.ca.pem) ? [one.ca.pem] : []));
  return uniqueCertificates([ca ?? '', ...texts]) || undefined;
}

/** Reads what a data centre's routers are like, and records every mistake. */
export function checkDataCentre(reader: Reader, plan: TopologyPlan, region: string): void {
  reader.only('localAddresses', 'lanAddress', 'routers', 'commonName');
  const commonName = reader.child('commonName').only('caFile', 'control');
  commonName.text('caFile', PATH);
  commonName.text('control', COMMAND);
  const { network } = regionOf(plan, region);
  const cidrs = network?.cidrs ?? [];
  const { publicIps = [] } = { publicIps: [], ...network };
  checkLocalAddresses(reader, publicIps);
  checkLanAddress(reader, cidrs);
  if (!reader.has('routers')) return;
  if (reader.has('lanAddress')) {
    const [allowed, fix] = ['lanAddress of each of routers', 'move it into the router that has it'];
    const problem = 'is of one router, and there are several';
    reader.issues.error(reader.at('lanAddress'), problem, reader.raw('lanAddress'), allowed, fix);
  }
  const planned = linksOf(plan.links, region).flatMap(({ tunnels }) => tunnels.map(({ name }) => name));
  const ended: string[] = [];
  for (const [name, router] of reader.entries('routers')) {
    router.only('localAddresses', 'lanAddress', 'tunnels', 'siblings');
    if (!/^[a-z0-9][-a-z0-9]*$/.test(name)) {
      const allowed = 'lower-case letters, digits and "-": it names a folder';
      router.issues.error(router.path, 'is no name of a router', name, allowed, 'rename it');
    }
    checkLocalAddresses(router, publicIps);
    checkLanAddress(router, cidrs);
    const siblings = router.child('siblings').only('own', 'others');
    siblings.requiredText('own', IPV4);
    siblings.texts('others', IPV4);
    if (!router.has('tunnels')) router.missing('tunnels', `some of ${planned.join(', ')}`);
    for (const [i, tunnel] of (router.texts('tunnels') ?? []).entries()) {
      const path = router.at(`tunnels[${i}]`);
      if (!planned.includes(tunnel)) {
        router.issues.error(path, `does not end in ${region}`, tunnel, planned.join(', '), 'use one of these');
      } else if (ended.includes(tunnel)) {
        router.issues.error(path, 'ends at another router already', tunnel, 'each tunnel once', 'remove it');
      }
      ended.push(tunnel);
    }
  }
  const left = planned.filter((tunnel) => !ended.includes(tunnel));
  if (left.length === 0) return;
  const fix = 'add them to one of the routers';
  reader.issues.error(reader.at('routers'), 'end not all tunnels', left, 'a router for each tunnel', fix);
}

function checkLocalAddresses(reader: Reader, publicIps: readonly string[]): void {
  const addresses = reader.texts('localAddresses', IPV4);
  if (addresses === undefined || addresses.length === publicIps.length) return;
  const allowed = `one for each of publicIps: ${publicIps.join(', ')}`;
  reader.issues.error(reader.at('localAddresses'), 'does not fit publicIps', addresses, allowed, `write ${allowed}`);
}

function checkLanAddress(reader: Reader, cidrs: readonly string[]): void {
  const address = reader.text('lanAddress', IPV4);
  if (address === undefined || cidrs.some((cidr) => isWithin(`${address}/32`, cidr))) return;
  const problem = 'is outside of the ranges that other regions have a route to';
  const allowed = `an address of the router within ${cidrs.join(', ')}`;
  reader.issues.error(reader.at('lanAddress'), problem, address, allowed, 'correct it, or leave it out');
}
