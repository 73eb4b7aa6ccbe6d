import type { HarborPlan } from './harbor.js';
import type { ReadRegion } from './regions.js';
import type { SecretPlan, SecretValue } from './secrets.js';
import type { Site } from './sites.js';

/** The key by which a Harbor signs the tokens that clients pull and push with, and knows them again. */
export interface TokenKeyProps {
  /**
   * Harbors of the same `domain` that share it have one key: a token that a client got in one region is good in the next. There it allows,
   * until it ends, what it allows where it came from, in projects of the same names: who may make projects in one region reaches those
   * of all. Without it, clients that meet another region ask for another token. Has no effect on a Secret of your own (`secrets.core`).
   * @default - true where only administrators make projects: with `settings`, and `projectCreation` left as it is
   */
  readonly shared?: boolean;
  /**
   * A new number is a new shared key, in a Pulumi stack; Harbors with the same number have the same. Regions may change one after the
   * other: clients whose token is not known ask for another. With `harbor-fleet secrets`, delete `tls.key` from every region's file
   * instead. @default 1
   */
  readonly generation?: number;
}

/** One Harbor with what its settings say about its key. */
interface Holder {
  readonly site: Site;
  readonly shared: boolean;
  readonly generation?: number;
}

/** Gives Harbors of the same domain the same key. One that has no other beside it keeps a key of its own. */
export function shareTokenKeys(regions: readonly ReadRegion[]): readonly ReadRegion[] {
  const holders = regions.flatMap(({ sites }) => sites.map(readHolder));
  const names = new Map<Site, string>();
  const first = new Map<string | undefined, string>();
  for (const group of groupsOf(holders)) {
    for (const { site, generation = 1 } of group) {
      const { tenant, harbor } = site;
      if (!first.has(tenant)) first.set(tenant, harbor.domain);
      // A tenant with another domain in some regions: those are known by the first of them.
      const place = first.get(tenant) === harbor.domain ? '' : ` from ${group[0]?.site.region}`;
      const whose = tenant === undefined ? '' : ` of ${tenant}${place}`;
      names.set(site, `token key${generation === 1 ? '' : ` ${generation}`}${whose}`);
    }
  }
  for (const { site, generation } of holders) {
    if (generation !== undefined && !names.has(site)) warnOfGeneration(site, generation);
  }
  const share = (site: Site): Site => {
    const name = names.get(site);
    return name === undefined ? site : { ...site, harbor: withKey(site.harbor, { kind: 'sharedRsaKey', name }) };
  };
  return regions.map((region) => {
    const [own, ...tenants] = region.sites;
    return { ...region, sites: [share(own), ...tenants.map(share)] };
  });
}

function readHolder(site: Site): Holder {
  const settings = site.reader.child('tokenKey').only('shared', 'generation');
  const { harbor } = site;
  // A token names projects, not the Harbor it is from: by default it goes only where nobody makes one of a name that is elsewhere.
  const isSafe = harbor.settings?.configuration.project_creation_restriction === 'adminonly';
  const isMade = harbor.secrets.some((secret) => holdsKey(harbor, secret) && secret.source === 'generated');
  return {
    site,
    shared: (settings.flag('shared') ?? isSafe) && isMade,
    generation: settings.count('generation', 1, 10_000),
  };
}

/** Harbors of one domain, where there are several. A domain belongs to the regions' own Harbors, or to one tenant. */
function groupsOf(holders: readonly Holder[]): readonly (readonly [Holder, ...Holder[]])[] {
  const domains = [...new Set(holders.map(({ site }) => site.harbor.domain))];
  return domains.flatMap((domain) => {
    const [first, ...others] = holders.filter(({ site, shared }) => shared && site.harbor.domain === domain);
    return first === undefined || others.length === 0 ? [] : [[first, ...others] as const];
  });
}

const holdsKey = ({ namespace, keys }: HarborPlan, secret: SecretPlan): boolean =>
  secret.objectKind === 'Secret' && secret.namespace === namespace && secret.name === keys.tokenKey.secret;

/** Whether a Harbor signs tokens with a key that only it has; not where its Secret is the user's own, who may share it. */
export const hasOwnTokenKey = (harbor: HarborPlan): boolean =>
  harbor.secrets.some((secret) => holdsKey(harbor, secret) && secret.keys[harbor.keys.tokenKey.key]?.kind === 'rsaKey');

const withKey = (harbor: HarborPlan, value: SecretValue): HarborPlan => ({
  ...harbor,
  secrets: harbor.secrets.map((secret) =>
    holdsKey(harbor, secret) ? { ...secret, keys: { ...secret.keys, [harbor.keys.tokenKey.key]: value } } : secret,
  ),
});

function warnOfGeneration({ reader }: Site, generation: number): void {
  reader.issues.warning(
    reader.at('tokenKey.generation'),
    'has no effect: no other Harbor of this domain shares the key',
    generation,
    'no generation',
    'remove it; in a Pulumi stack, generations of the Secret make a new key',
  );
}
