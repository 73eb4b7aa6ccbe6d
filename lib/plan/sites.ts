import type { HarborPlan } from './harbor.js';
import { readHarbor } from './harbor-plan.js';
import type { KrakenPlan } from './kraken.js';
import { readKraken } from './kraken-plan.js';
import { type ProjectPlan, peerToPeerProjects } from './projects.js';
import type { Reader } from './reader.js';

/** What is allowed where the topology decides. */
export const NOTHING = 'nothing here';

/** What the topology decides for all its regions. */
export interface Common {
  readonly domain: string;
  readonly images: { readonly kraken?: string; readonly pullSecrets?: readonly string[] };
  readonly projects: readonly ProjectPlan[];
  /** Settings of all regions' Harbors; what is read of them is recorded once. */
  readonly topology: Reader;
  readonly regions: readonly string[];
  readonly stack: StackKeys;
}

/** Settings that only a stack knows, and takes away before it plans: a misspelt one may have meant them. */
export interface StackKeys {
  readonly topology?: readonly string[];
  readonly region?: readonly string[];
  readonly cluster?: readonly string[];
}

/** One Harbor of a region, with the Kraken that it feeds: the region's own, or a tenant's. */
export interface Site {
  /** Path of its settings, such as `regions.virginia.tenants.acme`. */
  readonly path: string;
  readonly region: string;
  /** Name of the tenant; nothing for the region's own. */
  readonly tenant?: string;
  /** Its own public name in this region. */
  readonly hostname: string;
  readonly reader: Reader;
  readonly harbor: HarborPlan;
  readonly kraken?: KrakenPlan;
}

/** Where a Harbor stands, and by which name it is known. */
interface Place {
  readonly region: string;
  readonly tenant?: string;
  readonly domain: string;
  readonly nodeCidr?: string;
}

/** Reads one Harbor of a region, and its Kraken unless there is none. */
export function readSite(reader: Reader, place: Place, common: Common): Site {
  const { region, tenant, domain } = place;
  const hostname = `${region}.${domain}`;
  const wanted = reader.raw('kraken') !== false && (tenant === undefined || reader.has('kraken'));
  const { topology, regions, projects } = common;
  const hosts = [domain, ...regions.map((name) => `${name}.${domain}`)];
  const harbor = readHarbor(reader, {
    domain,
    aliases: [hostname],
    kraken: wanted,
    ...(tenant === undefined
      ? { settings: { reader: topology, region, regions, hosts, projects } }
      : { instance: tenant }),
  });
  const site = { path: reader.path, region, tenant, hostname, reader, harbor };
  checkOwnImages(site);
  return wanted ? { ...site, kraken: readSiteKraken(reader, site, place, common) } : site;
}

function readSiteKraken(
  reader: Reader,
  { harbor, tenant }: Omit<Site, 'kraken'>,
  place: Place,
  common: Common,
): KrakenPlan {
  const kraken = reader.child('kraken');
  refuse(kraken, 'registry', 'is the Harbor of this region', 'remove it');
  if (tenant === undefined) {
    refuse(
      kraken,
      'projects',
      'follows from the projects of the topology',
      'set peerToPeer of each project below "projects"',
    );
  }
  const plan = readKraken(kraken, {
    registry: harbor,
    instance: tenant === undefined ? 'kraken' : `${tenant}-kraken`,
    image: common.images.kraken,
    imagePullSecrets: common.images.pullSecrets,
    size: harbor.size,
    projects: tenant === undefined ? peerToPeerProjects(common.projects, place.region) : undefined,
    nodeCidr: place.nodeCidr,
  });
  if (isServedBy(plan.image, harbor)) {
    const late = 'while that is away, no new agent starts';
    const never =
      'a node gets its private CA from the node mirror of this very image, so a new node never starts either';
    const needsCa = harbor.ca !== undefined && reader.raw('nodeMirror') !== false;
    kraken.issues.warning(
      kraken.at('image'),
      `comes from the Harbor that this Kraken serves: ${needsCa ? `${late}, and ${never} unless its machine has that CA` : late}`,
      plan.image,
      'another registry',
      'copy the image to another registry',
    );
  }
  return plan;
}

/** Harbor's images must come from elsewhere: it cannot hand them out before it runs. */
function checkOwnImages({ reader, harbor }: Omit<Site, 'kraken'>): void {
  const own = Object.values(harbor.images).find((image) => isServedBy(image, harbor));
  if (own === undefined) return;
  const allowed = 'another registry';
  reader.issues.error(
    reader.at('images.prefix'),
    'is the Harbor that it would start',
    own,
    allowed,
    `choose ${allowed}`,
  );
}

const isServedBy = (image: string, { domain, aliases }: HarborPlan): boolean =>
  [domain, ...aliases].some((host) => image.startsWith(`${host}/`) || image.startsWith(`${host}:`));

/** Records a setting that the topology decides. */
export function refuse(reader: Reader, key: string, problem: string, fix: string): void {
  if (reader.has(key)) reader.issues.error(reader.at(key), problem, reader.raw(key), NOTHING, fix);
}
