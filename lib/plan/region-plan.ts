import { derive } from './deferred.js';
import { type Flow, tcp } from './flows.js';
import type { HarborPlan } from './harbor.js';
import type { KrakenPlan } from './kraken.js';
import { type MirrorHost, mirrorHost, type NodeMirrorPlan, readNodeMirror } from './node-mirror.js';
import type { NamespacePlan, RegionPlan } from './plan.js';
import type { ReadRegion } from './regions.js';
import type { SecretPlan } from './secrets.js';
import { type Common, refuse, type Site } from './sites.js';
import type { CaSource } from './tls.js';

/** Settings of a node mirror that the topology decides. */
const DECIDED = ['kraken', 'registry', 'domain', 'server', 'hosts', 'containerd'] as const;

/** All Harbors of one name, in the order of the regions: where a node that pulls by that name may be sent. */
interface Registry {
  readonly sites: readonly Site[];
  readonly hosts: readonly { readonly region: string; readonly host: MirrorHost; readonly flow: Flow }[];
  /** Every private CA among them, by its text. */
  readonly cas: ReadonlyMap<string, NonNullable<CaSource>>;
}

/** Plans every region: what its own settings decide, and the way of its nodes to the Harbors of the other regions. */
export function planRegions(regions: readonly ReadRegion[], images: Common['images']): readonly RegionPlan[] {
  const sites = regions.flatMap((region) => region.sites);
  const registries = new Map<string, Registry>();
  const registryFor = ({ harbor: { domain } }: Site): Registry => {
    const known = registries.get(domain) ?? registryOf(sites.filter((site) => site.harbor.domain === domain));
    registries.set(domain, known);
    return known;
  };
  return regions.map((region) => planRegion(region, registryFor, images));
}

function registryOf(sites: readonly Site[]): Registry {
  const cas = sites.flatMap(({ harbor: { ca } }) => (ca === undefined ? [] : [[JSON.stringify(ca), ca] as const]));
  const hosts = sites.map((site) => {
    const name = `region ${site.region}`;
    return {
      region: site.region,
      host: mirrorHost(regionalUrl(site), name, site.harbor.ca),
      flow: pullFlow(site),
    };
  });
  return { sites, hosts, cas: new Map(cas) };
}

function planRegion(region: ReadRegion, registryFor: (site: Site) => Registry, images: Common['images']): RegionPlan {
  const [own, ...tenants] = region.sites;
  const harbors = [own.harbor, ...tenants.map(({ harbor }) => harbor)] as const;
  const krakens = region.sites.flatMap((site) => site.kraken ?? []);
  const mirrors = region.sites.flatMap((site) => planMirror(site, registryFor(site), region, images));
  const nodeMirrors = mirrors.map(({ plan }) => plan);
  const installations = [...harbors, ...krakens, ...nodeMirrors];
  return {
    name: region.name,
    hostname: own.hostname,
    cluster: region.cluster,
    harbors,
    krakens,
    nodeMirrors,
    namespaces: namespacesOf({ harbors, krakens, nodeMirrors }),
    secrets: mergeSecrets([
      ...installations.flatMap((installation) => installation.secrets),
      ...installations.flatMap(pullSecrets),
    ]),
    flows: [
      ...[...harbors, ...krakens].flatMap((installation) => installation.flows),
      ...mirrors.flatMap(({ flows }) => flows),
    ],
  };
}

/** The site's URL by its own public name in its region, with the same scheme and port as by the common one. */
export const regionalUrl = ({ harbor, hostname }: Pick<Site, 'harbor' | 'hostname'>): string =>
  harbor.url.replace(harbor.domain, hostname);

function planMirror(
  site: Site,
  registry: Registry,
  { cluster }: ReadRegion,
  images: Common['images'],
): readonly { readonly plan: NodeMirrorPlan; readonly flows: readonly Flow[] }[] {
  const { reader, harbor, kraken, region } = site;
  const several = registry.sites.length > 1;
  const byDefault = kraken !== undefined || several;
  if (reader.raw('nodeMirror') === false || (!reader.has('nodeMirror') && !byDefault)) return [];
  const settings = reader.child('nodeMirror');
  for (const key of DECIDED) refuse(settings, key, 'follows from the topology', 'remove it');
  // The region's own Harbor first. With a single region its common name, asked last, leads to the same.
  const hosts = several
    ? registry.hosts.toSorted((a, b) => Number(b.region === region) - Number(a.region === region))
    : [];
  const plan = readNodeMirror(settings, {
    kraken,
    registry: harbor,
    instance: kraken?.instance ?? harbor.instance,
    image: kraken === undefined ? images.kraken : undefined,
    imagePullSecrets: kraken === undefined ? images.pullSecrets : undefined,
    // Image references carry the port of the URL, when it has one.
    domain: harbor.url.replace(/^https?:\/\//, ''),
    hosts: hosts.map(({ host }) => host),
    containerd: cluster.containerd,
    ca: commonCa(site, registry),
  });
  return [{ plan, flows: hosts.map(({ flow }) => flow) }];
}

/** The CAs of all Harbors on the way, as one: nodes keep a single file for them. */
function commonCa({ reader, harbor }: Site, { cas }: Registry): CaSource {
  const [first, ...more] = [...cas.values()];
  if (first === undefined || more.length === 0) return first;
  const texts = [...cas.values()].flatMap((source) => (source.from === 'text' ? [source.pem] : []));
  if (texts.length === cas.size) return { from: 'text', pem: derive(texts, bundle) };
  reader.issues.warning(
    reader.at('tls'),
    'has another private CA than other regions: nodes here trust only their own region, or those with a CA given as text',
    harbor.tls.type,
    'one private CA for all regions, a text in each, or a public one',
    'give `ca` as text in every region that has a private CA of its own',
  );
  return harbor.ca ?? first;
}

/** Certificates as one text; one that is there twice, which may be known only when deployed, stands in it once. */
function bundle(pems: readonly string[]): string {
  const [first = '', ...more] = new Set(pems);
  return more.length === 0 ? first : `${[first, ...more].map((pem) => pem.trim()).join('\n')}\n`;
}

/** Pulls from a region's Harbor by its own name, which nodes in other regions fall back to. Addresses are not planned. */
const pullFlow = ({ harbor, hostname }: Site): Flow =>
  tcp(
    { kind: 'nodes' },
    { kind: 'external', host: hostname, name: 'regional Harbors' },
    harbor.url.startsWith('https:') ? 443 : 80,
    'image pulls by the name of a region',
  );

function namespacesOf(region: Pick<RegionPlan, 'harbors' | 'krakens' | 'nodeMirrors'>): readonly NamespacePlan[] {
  const restricted = [...region.harbors, ...region.krakens].map(({ namespace }) => namespace);
  const privileged = [
    ...region.krakens.map((kraken) => kraken.nodeNamespace),
    ...region.nodeMirrors.map(({ namespace }) => namespace),
  ];
  // What needs more decides; a namespace of both kinds is an issue of its own.
  return [...new Set([...restricted, ...privileged])]
    .sort()
    .map((name) => ({ name, podSecurity: privileged.includes(name) ? 'privileged' : 'restricted' }));
}

/** The Secrets with credentials of the registries that images come from: in each namespace that pulls, made by the team. */
const pullSecrets = (installation: HarborPlan | KrakenPlan | NodeMirrorPlan): readonly SecretPlan[] =>
  [installation.namespace, ...(installation.kind === 'Kraken' ? [installation.nodeNamespace] : [])].flatMap(
    (namespace) =>
      installation.imagePullSecrets.map(
        (name): SecretPlan => ({
          namespace,
          name,
          objectKind: 'Secret',
          type: 'kubernetes.io/dockerconfigjson',
          keys: { '.dockerconfigjson': { kind: 'text', value: 'credentials of the registries that images come from' } },
          source: 'existing',
          keep: false,
          // The kubelet reads it, at each pull anew: no pod rolls when it changes.
          readers: [],
        }),
      ),
  );

/** One entry for each object: two installations may read the same Secret. */
function mergeSecrets(secrets: readonly SecretPlan[]): readonly SecretPlan[] {
  const byName = new Map<string, SecretPlan>();
  for (const secret of secrets) {
    const id = `${secret.objectKind} ${secret.namespace}/${secret.name}`;
    const known = byName.get(id);
    byName.set(id, {
      ...secret,
      ...known,
      keys: { ...secret.keys, ...known?.keys },
      keep: secret.keep || known?.keep === true,
      readers: [...new Set([...(known?.readers ?? []), ...secret.readers])],
    });
  }
  return [...byName.values()];
}
