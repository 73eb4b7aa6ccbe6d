import { IPV4, IPV4_RANGE } from '../address-rules.js';
import { reachOfAddress } from '../addresses.js';
import { isDeferred } from '../deferred.js';
import type { Reader, TextRule } from '../reader.js';
import { NETWORK_TYPES, type Network } from './networks.js';
import { PRIVATE_DOMAIN } from './private-domains.js';

const COMMON_KEYS = ['type', 'cidrs', 'index', 'asn', 'resolvers', 'privateDomains', 'externalDns'];

/** The highest index; ASNs that follow from indices stay clear of those that gateways have by default. */
export const LAST_INDEX = 399;

/** Addresses and ranges of a network are compared with those of others, and reach clouds and routers: they are known when planned. */
const KNOWN_IPV4: TextRule = { ...IPV4, known: true };
/** Whether it is a range at all is checked with all other ranges. */
const SITE_RANGE: TextRule = { ...IPV4_RANGE, pattern: /^[^:]*$/, known: true };
const CLOUD_REGION: TextRule = {
  pattern: /^[a-z][-a-z0-9]{1,40}$/,
  allowed: "the cloud's own name of a region, such as us-east-1 or westeurope",
  known: true,
};

const VPC: TextRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  allowed: 'a word of at most 63 lower-case letters, digits and "-", beginning with a letter',
  maxLength: 63,
  known: true,
};
const REGION_NAME: TextRule = { pattern: /^/, allowed: 'the name of another region in Google Cloud', known: true };

/** Reads a region's network; nothing when it has none. */
export function readNetwork(region: Reader): Network | undefined {
  if (!region.has('network')) return undefined;
  const network = region.child('network');
  if (!network.has('type')) network.missing('type', NETWORK_TYPES.join(', '));
  const type = network.choice('type', NETWORK_TYPES);
  const common = {
    cidrs: list(network, 'cidrs', SITE_RANGE),
    index: network.count('index', 0, LAST_INDEX),
    asn: network.count('asn', 1, 4_294_967_294),
    resolvers: network.has('resolvers') ? list(network, 'resolvers', KNOWN_IPV4) : undefined,
    privateDomains: network.has('privateDomains') ? list(network, 'privateDomains', PRIVATE_DOMAIN) : undefined,
    externalDns: network.flag('externalDns'),
  };
  switch (type) {
    case undefined:
      return undefined;
    case 'aws': {
      network.only(...COMMON_KEYS, 'region', 'gateway');
      const gateway = network.choice('gateway', ['transitGateway', 'vpnGateway'] as const) ?? 'transitGateway';
      return { type, ...common, region: network.requiredText('region', CLOUD_REGION), gateway };
    }
    case 'gcp': {
      network.only(...COMMON_KEYS, 'region', 'vpc', 'dnsPeering');
      const place = { vpc: network.text('vpc', VPC), dnsPeering: network.text('dnsPeering', REGION_NAME) };
      return { type, ...common, region: network.requiredText('region', CLOUD_REGION), ...place };
    }
    case 'onPremises':
      network.only(...COMMON_KEYS, 'publicIps');
      return { type, ...common, publicIps: readPublicIps(network) };
    case 'external':
      network.only(...COMMON_KEYS, 'publicIps');
      return { type, ...common, publicIps: network.has('publicIps') ? readPublicIps(network) : undefined };
    default:
      network.only(...COMMON_KEYS, 'region');
      return { type, ...common, region: network.requiredText('region', CLOUD_REGION) };
  }
}

/** A list that has at least one text, none of them twice. */
function list(reader: Reader, key: string, rule: TextRule): readonly string[] {
  const allowed = `at least one: ${rule.allowed}`;
  const texts = reader.texts(key, rule);
  if (!reader.has(key) || texts?.length === 0) reader.missing(key, allowed);
  for (const [i, text] of (texts ?? []).entries()) {
    if (isDeferred(text) || texts?.indexOf(text) === i) continue;
    reader.issues.error(reader.at(`${key}[${i}]`), 'stands there twice', text, 'each once', 'remove it');
  }
  return texts ?? [];
}

/** What is allowed as an outside address of a site. */
export const OUTSIDE_ADDRESS = 'a public IPv4 address; a private one between data centres and external networks';

function readPublicIps(network: Reader): readonly string[] {
  const addresses = list(network, 'publicIps', KNOWN_IPV4);
  if (addresses.length > 2) {
    const allowed = 'one or two outside addresses';
    network.issues.error(network.at('publicIps'), 'has too many addresses', addresses, allowed, `keep ${allowed}`);
  }
  for (const [i, address] of addresses.entries()) {
    if (reachOfAddress(address) !== 'none') continue;
    const problem = 'is an address that no other network can reach';
    const fix = 'write the address at which peers see the site';
    network.issues.error(network.at(`publicIps[${i}]`), problem, address, OUTSIDE_ADDRESS, fix);
  }
  return addresses.slice(0, 2);
}
