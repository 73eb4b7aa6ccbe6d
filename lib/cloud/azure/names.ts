import {
  DnsForwardingRuleset,
  DnsResolver,
  ForwardingRule,
  InboundEndpoint,
  OutboundEndpoint,
  PrivateResolverVirtualNetworkLink,
} from '@pulumi/azure-native/dnsresolver';
import { PrivateRecordSet, PrivateZone, VirtualNetworkLink } from '@pulumi/azure-native/privatedns';
import { type Input, type Output, output } from '@pulumi/pulumi';
import type { Inputs } from '../../pulumi/inputs.js';
import type { AnsweredRecord, ForwardTarget } from '../cloud.js';
import { resourceName } from '../resource-name.js';
import { armParts } from './args.js';
import type { MadeResolver, PrivateResolver } from './cloud-args.js';
import { inPlace, optionsOf, type Place } from './place.js';

/** The region's private zones, known in its own virtual network and in others that are named. */
export function makeZones(
  place: Place,
  zones: readonly string[],
  networkIds: readonly Input<string>[],
): ReadonlyMap<string, PrivateZone> {
  const global = { ...inPlace(place), location: 'Global' };
  return new Map(
    zones.map((zone) => {
      const made = new PrivateZone(`${place.name}-${zone}`, { ...global, privateZoneName: zone }, optionsOf(place));
      for (const [i, id] of networkIds.entries()) {
        const name = `${place.name}-${zone}-${i}`;
        new VirtualNetworkLink(
          name,
          {
            ...global,
            privateZoneName: made.name,
            virtualNetworkLinkName: resourceName(name),
            virtualNetwork: { id },
            registrationEnabled: false,
          },
          optionsOf(place),
        );
      }
      return [zone, made] as const;
    }),
  );
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** A record in its zone. What turns out to be an address becomes one, whatever it was given as. */
export function answerRecord(place: Place, zones: ReadonlyMap<string, PrivateZone>, answered: AnsweredRecord): void {
  const { record, target } = answered;
  const zone = record.zone === undefined ? undefined : zones.get(record.zone);
  if (zone === undefined) throw new Error(`the zone of ${record.name} is not planned for ${place.name}`);
  const relative = record.name === record.zone ? '@' : record.name.slice(0, -`.${record.zone}`.length);
  const common = {
    resourceGroupName: place.resourceGroupName,
    privateZoneName: zone.name,
    relativeRecordSetName: relative,
    ttl: record.ttlSeconds,
  };
  if ('addresses' in target) {
    const aRecords = target.addresses.map((ipv4Address) => ({ ipv4Address }));
    new PrivateRecordSet(`${place.name}-${record.name}`, { ...common, recordType: 'A', aRecords }, optionsOf(place));
    return;
  }
  const found = output(target.host).apply((host) => hostRecord(record.name, relative === '@', host));
  const { recordType, aRecords, cnameRecord } = found;
  new PrivateRecordSet(
    `${place.name}-${record.name}`,
    { ...common, recordType, aRecords, cnameRecord },
    optionsOf(place),
  );
}

/** What a record that leads to a host is: of an address as of a name. */
export function hostRecord(
  name: string,
  ofZone: boolean,
  host: string,
): { recordType: string; aRecords?: { ipv4Address: string }[]; cnameRecord?: { cname: string } } {
  if (IPV4.test(host)) return { recordType: 'A', aRecords: [{ ipv4Address: host }] };
  if (!ofZone) return { recordType: 'CNAME', cnameRecord: { cname: host } };
  throw new Error(`${name} is the name of a zone, which Azure gives addresses only, not the name ${host}`);
}

/** What answers other regions, and the ruleset by which it asks them. */
export interface Resolver {
  readonly place: Place;
  readonly addresses: Input<readonly string[]>;
  readonly rulesetName: Input<string>;
  readonly rulesetGroup: Input<string>;
}

/** The resolver of a region: made, or found. */
export function resolverOf(
  place: Place,
  hub: Place,
  virtualNetworkId: Input<string>,
  resolver: Inputs<PrivateResolver>,
  planned: readonly string[] | undefined,
): Resolver {
  if (resolver.type === 'made') return makeResolver(place, virtualNetworkId, resolver, planned?.[0]);
  const ruleset = armParts(resolver.forwardingRulesetId);
  const addresses = output([...resolver.addresses]);
  return { place: hub, addresses, rulesetName: ruleset.name, rulesetGroup: ruleset.resourceGroupName };
}

function makeResolver(
  place: Place,
  virtualNetworkId: Input<string>,
  { inboundSubnetId, outboundSubnetId }: Inputs<MadeResolver>,
  address: string | undefined,
): Resolver {
  const name = `${place.name}-resolver`;
  const common = inPlace(place);
  const resolver = new DnsResolver(
    name,
    { ...common, dnsResolverName: resourceName(name), virtualNetwork: { id: virtualNetworkId } },
    optionsOf(place),
  );
  const inbound = new InboundEndpoint(
    `${name}-inbound`,
    {
      ...common,
      dnsResolverName: resolver.name,
      inboundEndpointName: 'inbound',
      ipConfigurations: [
        {
          subnet: { id: inboundSubnetId },
          ...(address === undefined
            ? { privateIpAllocationMethod: 'Dynamic' }
            : { privateIpAllocationMethod: 'Static', privateIpAddress: address }),
        },
      ],
    },
    optionsOf(place),
  );
  const outbound = new OutboundEndpoint(
    `${name}-outbound`,
    { ...common, dnsResolverName: resolver.name, outboundEndpointName: 'outbound', subnet: { id: outboundSubnetId } },
    optionsOf(place),
  );
  const ruleset = new DnsForwardingRuleset(
    name,
    { ...common, dnsForwardingRulesetName: resourceName(name), dnsResolverOutboundEndpoints: [{ id: outbound.id }] },
    optionsOf(place),
  );
  new PrivateResolverVirtualNetworkLink(
    name,
    {
      resourceGroupName: place.resourceGroupName,
      dnsForwardingRulesetName: ruleset.name,
      virtualNetworkLinkName: resourceName(name),
      virtualNetwork: { id: virtualNetworkId },
    },
    optionsOf(place),
  );
  const addresses: Output<readonly string[]> = inbound.ipConfigurations.apply((found) =>
    found.flatMap(({ privateIpAddress }) => privateIpAddress ?? []),
  );
  return { place, addresses, rulesetName: ruleset.name, rulesetGroup: place.resourceGroupName };
}

/** Asks another region's resolver for its names. */
export function forwardZone(
  { place, rulesetName, rulesetGroup }: Resolver,
  { forward, resolvers }: ForwardTarget,
): void {
  const name = `${place.name}-forward-${forward.zone}`;
  new ForwardingRule(
    name,
    {
      resourceGroupName: rulesetGroup,
      dnsForwardingRulesetName: rulesetName,
      forwardingRuleName: resourceName(name),
      domainName: `${forward.zone}.`,
      forwardingRuleState: 'Enabled',
      targetDnsServers: output(resolvers).apply((addresses) => addresses.map((ipAddress) => ({ ipAddress, port: 53 }))),
    },
    optionsOf(place),
  );
}
