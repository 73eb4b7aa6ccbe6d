import type { TunnelKey } from '../../plan/network/links.js';
import { IPV4 } from '../../plan/network/network-reader.js';
import { linksOf } from '../../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';
import type { Reader } from '../../plan/reader.js';
import { birdConf } from './bird.js';
import { commonNameScript } from './common-name.js';
import { corefile, type NameAddresses, unboundConf } from './names.js';
import { nftablesConf } from './nftables.js';
import { type RouterProps, routerOf } from './router.js';
import { interfacesScript, strongswanConf, swanctlConf } from './strongswan.js';

/** What a data centre's routers are like. */
export interface DataCentreProps {
  /** The router's own addresses where `publicIps` lead to it by NAT, in the same order. @default - it has them itself */
  readonly localAddresses?: readonly string[];
  /** Routers by name, where a site has several; each needs its `tunnels` and `siblings`. @default - one, which ends all tunnels */
  readonly routers?: Readonly<Record<string, DataCentreRouter>>;
}

/** One of several routers of a site. */
export type DataCentreRouter = Pick<RouterProps, 'localAddresses' | 'tunnels' | 'siblings'>;

/** What the files of a data centre are written from beyond the plan. */
export interface DataCentreValues extends NameAddresses {
  /** The value of a tunnel's pre-shared key: letters and digits. */
  readonly keyOf: (key: TunnelKey) => string;
  /** Outside addresses of clouds, by region, in the order of the plan. @default - none */
  readonly outsideAddresses?: Readonly<Record<string, readonly string[]>>;
}

/**
 * All files of a data centre by name: of its router (`swanctl.conf`, `strongswan.conf`, `interfaces.sh`, `bird.conf`, `harbor-fleet.nft`), of
 * several routers in a folder each, and of its resolver (`unbound.conf`, `Corefile`, `common-name.sh`). Secret, for the keys in them.
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
  const routers: Readonly<Record<string, DataCentreRouter>> = props.routers ?? { '': {} };
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
    };
    return Object.entries(files).map(([file, text]) => [name === '' ? file : `${name}/${file}`, text] as const);
  });
  const commonName = commonNameScript(plan, region);
  return {
    ...Object.fromEntries(ofRouters),
    'unbound.conf': unboundConf(plan, region, values),
    Corefile: corefile(plan, region, values),
    ...(commonName === undefined ? {} : { 'common-name.sh': commonName }),
  };
}

/** Reads what a data centre's routers are like, and records every mistake. */
export function checkDataCentre(reader: Reader, plan: TopologyPlan, region: string): void {
  reader.only('localAddresses', 'routers');
  reader.texts('localAddresses', IPV4);
  if (!reader.has('routers')) return;
  const { publicIps = [] } = { publicIps: [], ...regionOf(plan, region).network };
  const planned = linksOf(plan.links, region).flatMap(({ tunnels }) => tunnels.map(({ name }) => name));
  const ended: string[] = [];
  for (const [name, router] of reader.entries('routers')) {
    router.only('localAddresses', 'tunnels', 'siblings');
    if (!/^[a-z0-9][-a-z0-9]*$/.test(name)) {
      const allowed = 'lower-case letters, digits and "-": it names a folder';
      router.issues.error(router.path, 'is no name of a router', name, allowed, 'rename it');
    }
    const addresses = router.texts('localAddresses', IPV4);
    if (addresses !== undefined && addresses.length !== publicIps.length) {
      const allowed = `one for each of publicIps: ${publicIps.join(', ')}`;
      router.issues.error(
        router.at('localAddresses'),
        'does not fit publicIps',
        addresses,
        allowed,
        `write ${allowed}`,
      );
    }
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
