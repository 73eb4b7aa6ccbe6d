import { isDeferred } from '../deferred.js';
import type { Reader, TextRule } from '../reader.js';
import type { Network, NetworkType } from './networks.js';

const TYPES: readonly NetworkType[] = ['aws', 'azure', 'gcp', 'alicloud', 'huawei', 'onPremises', 'external'];
const COMMON_KEYS = ['type', 'cidrs', 'index', 'asn', 'resolvers'];

/** The highest index; ASNs that follow from indices stay clear of those that gateways have by default. */
export const LAST_INDEX = 399;

const OCTET = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
/** One IPv4 address. */
export const IPV4: TextRule = { pattern: new RegExp(`^${OCTET}(\\.${OCTET}){3}$`), allowed: 'an IPv4 address' };
/** Whether it is a range at all is checked with all other ranges. */
const IPV4_RANGE: TextRule = { pattern: /^[^:]*$/, allowed: 'a range of IPv4 addresses such as 10.20.0.0/16' };
const CLOUD_REGION: TextRule = {
  pattern: /^[a-z][-a-z0-9]{1,40}$/,
  allowed: "the cloud's own name of a region, such as us-east-1 or westeurope",
  known: true,
};

/** Reads a region's network; nothing when it has none. */
export function readNetwork(region: Reader): Network | undefined {
  if (!region.has('network')) return undefined;
  const network = region.child('network');
  if (!network.has('type')) network.missing('type', TYPES.join(', '));
  const type = network.choice('type', TYPES);
  const common = {
    cidrs: list(network, 'cidrs', IPV4_RANGE),
    index: network.count('index', 0, LAST_INDEX),
    asn: network.count('asn', 1, 4_294_967_294),
    resolvers: network.texts('resolvers', IPV4),
  };
  switch (type) {
    case undefined:
      return undefined;
    case 'aws': {
      network.only(...COMMON_KEYS, 'region', 'gateway');
      const gateway = network.choice('gateway', ['transitGateway', 'vpnGateway'] as const) ?? 'transitGateway';
      return { type, ...common, region: network.requiredText('region', CLOUD_REGION), gateway };
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

function readPublicIps(network: Reader): readonly string[] {
  const addresses = list(network, 'publicIps', IPV4);
  if (addresses.length > 2) {
    const allowed = 'one or two outside addresses';
    network.issues.error(network.at('publicIps'), 'has too many addresses', addresses, allowed, `keep ${allowed}`);
  }
  return addresses.slice(0, 2);
}
