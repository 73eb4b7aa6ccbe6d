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
import { answerOf } from '../answers.js';
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

/** A record in its zone. */
export function answerRecord(place: Place, zones: ReadonlyMap<string, PrivateZone>, answered: AnsweredRecord): void {
  const { record } = answered;
  const zone = zones.get(record.zone);
  if (zone === undefined) throw new Error(`the zone of ${record.name} is not planned for ${place.name}`);
  const { recordType, aRecords, cnameRecord } = answerOf(answered).apply(({ type, values }) => ({
    recordType: type,
    aRecords: type === 'A' ? values.map((ipv4Address) => ({ ipv4Address })) : undefined,
    cnameRecord: type === 'CNAME' ? { cname: values[0] } : undefined,
  }));
  new PrivateRecordSet(
    `${place.name}-${record.name}`,
    {
      resourceGroupName: place.resourceGroupName,
      privateZoneName: zone.name,
      relativeRecordSetName: record.name === record.zone ? '@' : record.name.slice(0, -`.${record.zone}`.length),
      ttl: record.ttlSeconds,
      recordType,
      aRecords,
      cnameRecord,
    },
    optionsOf(place),
  );
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
