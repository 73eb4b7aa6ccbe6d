import { getAddressesOutput } from '@pulumi/gcp/compute';
import { ManagedZone, Policy, RecordSet } from '@pulumi/gcp/dns';
import { type Output, output, runtime, unknown } from '@pulumi/pulumi';
import { isWithin } from '../../plan/addresses.js';
import { lateMistake } from '../../pulumi/errors.js';
import { answerOf } from '../answers.js';
import type { AnsweredRecord, CloudSite, ForwardTarget } from '../cloud.js';
import { resourceName } from '../resource-name.js';
import { optionsOf, type Place } from './place.js';

/** The region's private zones, which all of its VPC knows. */
export function makeZones(place: Place, zones: readonly string[]): ReadonlyMap<string, ManagedZone> {
  const { project, network, labels } = place;
  return new Map(
    zones.map((zone) => {
      const name = `${place.name}-${zone}`;
      const made = new ManagedZone(
        name,
        {
          name: resourceName(name),
          description: `names of ${zone} that linked regions ask for`,
          dnsName: `${zone}.`,
          project,
          labels,
          visibility: 'private',
          privateVisibilityConfig: { networks: [{ networkUrl: network }] },
          // An external-dns leaves its records there, and Google deletes no zone that has any.
          forceDestroy: true,
        },
        optionsOf(place),
      );
      return [zone, made] as const;
    }),
  );
}

/** A record in its zone. */
export function answerRecord(place: Place, zones: ReadonlyMap<string, ManagedZone>, answered: AnsweredRecord): void {
  const { record } = answered;
  const zone = zones.get(record.zone);
  if (zone === undefined) throw new Error(`the zone of ${record.name} is not planned for ${place.name}`);
  const { type, rrdatas } = answerOf(answered).apply(({ type, values }) => ({
    type,
    rrdatas: type === 'A' ? [...values] : values.map((host) => `${host}.`),
  }));
  new RecordSet(
    `${place.name}-${record.name}`,
    {
      name: `${record.name}.`,
      managedZone: zone.name,
      project: place.project,
      ttl: record.ttlSeconds,
      type,
      rrdatas,
    },
    optionsOf(place),
  );
}

/** Lets Cloud DNS answer what comes from other networks, at an address in each subnet of the VPC. */
export const makeInboundPolicy = (place: Place): Policy => {
  const name = `${place.name}-inbound`;
  return new Policy(
    name,
    {
      name: resourceName(name),
      description: 'answers linked regions',
      project: place.project,
      enableInboundForwarding: true,
      networks: [{ networkUrl: place.network }],
    },
    optionsOf(place),
  );
};

/** How many addresses other regions are told: as many as every cloud's rules can ask. */
const MOST = 4;

/** Addresses of the region at which Cloud DNS answers others, among those that they have a route to. */
export function inboundAddresses(
  place: Place,
  policy: Policy | undefined,
  { path, network: { cidrs } }: CloudSite,
): Output<readonly string[]> {
  const found = getAddressesOutput(
    { filter: 'purpose="DNS_RESOLVER"', project: place.project, region: place.region },
    { parent: place.parent, provider: place.provider, dependsOn: policy },
  );
  return found.addresses.apply((addresses) => {
    // A preview comes before what another stack makes.
    if (runtime.isDryRun() && within(addresses, cidrs).length === 0) return unknown as unknown as readonly string[];
    return reachable(path, addresses, cidrs);
  });
}

const within = (found: readonly { readonly address: string }[], cidrs: readonly string[]): readonly string[] =>
  found
    .map(({ address }) => address)
    .filter((address) => cidrs.some((cidr) => isWithin(`${address}/32`, cidr)))
    .sort();

/** Of the addresses found those in the ranges that are announced, always the same ones. */
export function reachable(
  path: string,
  found: readonly { readonly address: string }[],
  cidrs: readonly string[],
): readonly string[] {
  const inside = within(found, cidrs);
  if (inside.length > 0) return inside.slice(0, MOST);
  const others = found.map(({ address }) => address).join(', ') || 'none at all';
  throw lateMistake(
    `${path}: Cloud DNS has no address for other networks within ${cidrs.join(', ')}, but ${others}: its VPC needs a server policy with inbound forwarding (inboundForwarding: 'made', or the landing zone's) and a subnet of this region within network.cidrs`,
  );
}

/**
 * Asks for another region's names: its resolver, from 35.199.192.0/19 through the VPC, or Cloud DNS in another VPC. That needs the role
 * DNS Peer in the other's project, and no connection.
 */
export function forwardZone(place: Place, { forward, resolvers, vpc }: ForwardTarget): void {
  const name = `${place.name}-forward-${forward.zone}`;
  const asks =
    vpc === undefined
      ? {
          forwardingConfig: {
            targetNameServers: output(resolvers).apply((addresses) =>
              addresses.map((ipv4Address) => ({ ipv4Address, forwardingPath: 'private' })),
            ),
          },
        }
      : { peeringConfig: { targetNetwork: { networkUrl: vpc } } };
  new ManagedZone(
    name,
    {
      name: resourceName(name),
      description: `asks ${forward.region} for its names`,
      dnsName: `${forward.zone}.`,
      project: place.project,
      labels: place.labels,
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: place.network }] },
      ...asks,
    },
    // A zone never turns from one kind into the other.
    optionsOf(place, { replaceOnChanges: ['peeringConfig'] }),
  );
}
