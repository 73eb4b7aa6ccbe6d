import { type AddressRange, readAddresses } from './addresses.js';
import { locate, mergeSettings } from './defaults.js';
import { HARBOR_VERSIONS } from './harbor-images.js';
import { FLEET_KEYS, HARBOR_KEYS } from './harbor-plan.js';
import { type Issue, Issues } from './issues.js';
import { IMAGE, OBJECT_NAME, REGION_NAME } from './names.js';
import { readNetwork } from './network/network-reader.js';
import type { Network } from './network/networks.js';
import type { ClusterProps } from './plan.js';
import { checkText, Reader, type TextRule } from './reader.js';
import { checkHostname } from './region-names.js';
import { type Common, NOTHING, readSite, type Site } from './sites.js';
import { readClusterVersions } from './versions.js';

/** A region with its settings read; what depends on the other regions is not decided yet. */
export interface ReadRegion {
  readonly name: string;
  readonly path: string;
  readonly cluster: Required<Pick<ClusterProps, 'kubernetes' | 'containerd'>> & ClusterProps;
  readonly addresses: readonly AddressRange[];
  readonly network?: Network;
  /** First the region's own, then those of its tenants. */
  readonly sites: readonly [Site, ...Site[]];
  /** Adds its issues to those of the topology, each with the path of the setting that the user wrote. */
  readonly hand: (to: Issues) => void;
}

/** Tenants' names are instance names, and `<tenant>-kraken` is one too. */
const TENANT_NAME: TextRule = {
  ...REGION_NAME,
  allowed: 'lower-case letters, digits and "-", beginning with a letter, at most 30 characters',
  maxLength: 30,
};

/** Reads where images come from, and which version of Harbor, as settings below those of every region. */
export function readCommonSettings(topology: Reader): { images: Common['images']; below: unknown } {
  const images = topology.child('images').only('harbor', 'kraken', 'pullSecrets');
  const pullSecrets = images.texts('pullSecrets', OBJECT_NAME);
  const version = topology.choice('version', HARBOR_VERSIONS);
  return {
    images: { kraken: images.text('kraken', IMAGE), pullSecrets },
    below: { version, images: { prefix: images.text('harbor'), pullSecrets } },
  };
}

/** Whether an issue is about a setting: host names are made of names that were checked before. */
const isOwn = ({ path, allowed }: Issue): boolean =>
  allowed === NOTHING || !/\.(aliases\[|nodeMirror\.(hosts|domain|server)\b)/.test(path);

/** Reads the settings of every region over the defaults. */
export function readRegions(topology: Reader, below: unknown, common: Common): readonly ReadRegion[] {
  const defaults = topology.raw('defaults');
  topology.child('defaults');
  const regions = topology.entries('regions');
  return regions.map(([name, { path }]) => {
    const own = topology.child('regions').raw(name);
    const issues = new Issues();
    const merged = mergeSettings(below, mergeSettings(defaults, own));
    const region = readRegion(name, new Reader(merged, path, issues), below, common);
    const hand = (to: Issues): void => to.add(issues.all.filter(isOwn).map((one) => locate(one, path, defaults, own)));
    return { ...region, name, path, hand };
  });
}

const REGION_KEYS = HARBOR_KEYS.filter((key) => key !== 'domain' && key !== 'aliases' && !FLEET_KEYS.includes(key));
const TENANT_KEYS = HARBOR_KEYS.filter((key) => key !== 'instance' && key !== 'aliases');

function readRegion(name: string, region: Reader, below: unknown, common: Common) {
  region.only(
    ...REGION_KEYS,
    'kraken',
    'nodeMirror',
    'tokenKey',
    'cluster',
    'network',
    'tenants',
    common.stack.region ?? [],
  );
  const cluster = region.child('cluster');
  cluster.only('kubernetes', 'containerd', 'podCidr', 'serviceCidr', 'nodeCidr', common.stack.cluster ?? []);
  const addresses = readAddresses(cluster, name);
  const rangeOf = (use: AddressRange['use']): string | undefined => addresses.find((range) => range.use === use)?.cidr;
  const nodeCidr = rangeOf('nodes');
  const own = readSite(region, { region: name, domain: common.domain, nodeCidr }, common);
  const inherited = mergeSettings(below, { version: region.raw('version'), images: region.raw('images') });
  const tenants = region.entries('tenants').map(([tenant, { path, issues }]) => {
    checkText(tenant, TENANT_NAME, path, issues);
    const settings = new Reader(mergeSettings(inherited, region.child('tenants').raw(tenant)), path, issues);
    settings.only(...TENANT_KEYS, 'kraken', 'nodeMirror', 'tokenKey');
    const domain = settings.requiredText('domain');
    checkHostname(`${name}.${domain}`, path, issues);
    return readSite(settings, { region: name, tenant, domain, nodeCidr }, common);
  });
  return {
    cluster: {
      ...readClusterVersions(cluster),
      podCidr: rangeOf('pods'),
      serviceCidr: rangeOf('services'),
      nodeCidr,
    },
    addresses,
    network: readNetwork(region),
    sites: [own, ...tenants] as const,
  };
}
