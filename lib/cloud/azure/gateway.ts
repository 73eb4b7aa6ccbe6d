import {
  LocalNetworkGateway,
  PublicIPAddress,
  VirtualNetworkGateway,
  VirtualNetworkGatewayConnection,
} from '@pulumi/azure-native/network';
import { type Input, interpolate } from '@pulumi/pulumi';
import { LIFETIME, wordsOf } from '../../plan/network/crypto.js';
import type { LinkPlan } from '../../plan/network/links.js';
import { endsFrom, linksOf } from '../../plan/network/tunnels.js';
import { lateMistake } from '../../pulumi/errors.js';
import type { Inputs } from '../../pulumi/inputs.js';
import type { ConnectedTunnel } from '../cloud.js';
import { resourceName } from '../resource-name.js';
import { armParts } from './args.js';
import type { ExistingGateway, MadeGateway } from './cloud-args.js';
import { inPlace, optionsOf, type Place } from './place.js';

/** A value for each of a gateway's two instances. */
type Pair<T> = readonly [T, T];

/** A gateway with what its tunnels need. */
export interface Gateway {
  readonly place: Place;
  readonly id: Input<string>;
  readonly outsides: Pair<Input<string>>;
  readonly ipConfigurationIds: Pair<Input<string>>;
  /** Its addresses inside tunnels. */
  readonly insides: Pair<readonly string[]>;
}

/** The addresses that each instance has inside the tunnels of a region. */
export function insidesOf(links: readonly LinkPlan[], region: string): Pair<readonly string[]> {
  const ends = linksOf(links, region).flatMap(({ tunnels }) => tunnels.map((tunnel) => endsFrom(tunnel, region).own));
  const of = (instance: number): readonly string[] =>
    ends.filter(({ outside }) => outside === instance).map(({ inside }) => inside);
  return [of(0), of(1)];
}

const INSTANCES = [0, 1] as const;
const configuration = (instance: 0 | 1): string => `instance-${instance}`;

/** An active-active gateway with an address for each instance, which exist long before it does. */
export function makeGateway(
  place: Place,
  virtualNetworkId: Input<string>,
  { subnetId, sku = 'VpnGw2AZ', zones = ['1', '2', '3'] }: Inputs<MadeGateway>,
  asn: number,
  insides: Pair<readonly string[]>,
): Gateway {
  const addressOf = (instance: 0 | 1): PublicIPAddress => {
    const name = `${place.name}-gateway-${instance}`;
    return new PublicIPAddress(
      name,
      {
        ...inPlace(place),
        publicIpAddressName: resourceName(name),
        publicIPAllocationMethod: 'Static',
        publicIPAddressVersion: 'IPv4',
        sku: { name: 'Standard', tier: 'Regional' },
        zones: [...zones],
      },
      optionsOf(place),
    );
  };
  const addresses: Pair<PublicIPAddress> = [addressOf(0), addressOf(1)];
  const name = resourceName(place.name, 'gateway');
  // The gateway names its own IP configurations by id, so its id must be known before it exists.
  const id = interpolate`/subscriptions/${armParts(virtualNetworkId).subscription}/resourceGroups/${place.resourceGroupName}/providers/Microsoft.Network/virtualNetworkGateways/${name}`;
  const ipConfigurationIds = configurationIds(id, [configuration(0), configuration(1)]);
  const gateway = new VirtualNetworkGateway(
    `${place.name}-gateway`,
    {
      ...inPlace(place),
      virtualNetworkGatewayName: name,
      gatewayType: 'Vpn',
      vpnType: 'RouteBased',
      vpnGatewayGeneration: sku === 'VpnGw1AZ' ? 'Generation1' : 'Generation2',
      sku: { name: sku, tier: sku },
      activeActive: true,
      enableBgp: true,
      ipConfigurations: INSTANCES.map((instance) => ({
        name: configuration(instance),
        privateIPAllocationMethod: 'Dynamic',
        publicIPAddress: { id: addresses[instance].id },
        subnet: { id: subnetId },
      })),
      bgpSettings: {
        asn,
        // Without bgpPeeringAddress, which Azure chooses and never changes.
        bgpPeeringAddresses: INSTANCES.map((instance) => ({
          ipconfigurationId: ipConfigurationIds[instance],
          customBgpIpAddresses: [...insides[instance]],
        })),
      },
    },
    // Azure says 45 minutes and more.
    optionsOf(place, { customTimeouts: { create: '2h', update: '2h', delete: '1h' } }),
  );
  const outside = (instance: 0 | 1): Input<string> =>
    addresses[instance].ipAddress.apply((address) => {
      if (address !== undefined) return address;
      throw lateMistake(
        `Azure gave the gateway of ${place.name} no outside address ${instance}: run pulumi up --refresh`,
      );
    });
  return { place, id: gateway.id, outsides: [outside(0), outside(1)], ipConfigurationIds, insides };
}

/** A gateway that is there; what leads to it stands beside it. */
export function findGateway(
  place: Place,
  { id, outsideAddresses, ipConfigurations }: Inputs<ExistingGateway>,
  insides: Pair<readonly string[]>,
): Gateway {
  const pair = (list: readonly Input<string>[]): Pair<Input<string>> => [list[0] ?? '', list[1] ?? ''];
  return {
    place: { ...place, resourceGroupName: armParts(id).resourceGroupName },
    id,
    outsides: pair(outsideAddresses),
    ipConfigurationIds: configurationIds(id, pair(ipConfigurations)),
    insides,
  };
}

const configurationIds = (gatewayId: Input<string>, names: Pair<Input<string>>): Pair<Input<string>> => [
  interpolate`${gatewayId}/ipConfigurations/${names[0]}`,
  interpolate`${gatewayId}/ipConfigurations/${names[1]}`,
];

/** This end of a tunnel: the peer's address as a local network gateway, and a connection to it. */
export function connectTunnel(
  { place, id, ipConfigurationIds, insides }: Gateway,
  { link, tunnel, own, peer, peerOutside, key }: ConnectedTunnel,
): void {
  const { ike, esp } = wordsOf('azure', link);
  const name = `${place.name}-${tunnel.name}`;
  const peerName = `${name}-peer`;
  const found = new LocalNetworkGateway(
    peerName,
    {
      ...inPlace(place),
      localNetworkGatewayName: resourceName(peerName),
      gatewayIpAddress: peerOutside,
      bgpSettings: { asn: peer.asn, bgpPeeringAddress: peer.inside },
    },
    optionsOf(place),
  );
  new VirtualNetworkGatewayConnection(
    name,
    {
      ...inPlace(place),
      virtualNetworkGatewayConnectionName: resourceName(name),
      connectionType: 'IPsec',
      connectionProtocol: 'IKEv2',
      connectionMode: 'Default',
      virtualNetworkGateway1: { id },
      localNetworkGateway2: { id: found.id },
      sharedKey: key,
      enableBgp: true,
      // Both instances dial every peer, and each needs an address: the one that the plan does not mean gets no answer.
      gatewayCustomBgpIpAddresses: INSTANCES.flatMap((instance) => {
        const address = instance === own.outside ? own.inside : insides[instance][0];
        return address === undefined
          ? []
          : [{ customBgpIpAddress: address, ipConfigurationId: ipConfigurationIds[instance] }];
      }),
      dpdTimeoutSeconds: 45,
      usePolicyBasedTrafficSelectors: false,
      ipsecPolicies: [
        {
          ikeEncryption: ike.encryption,
          ikeIntegrity: ike.integrity ?? '',
          dhGroup: ike.group,
          ipsecEncryption: esp.encryption,
          ipsecIntegrity: esp.integrity ?? '',
          pfsGroup: esp.group,
          saLifeTimeSeconds: LIFETIME.esp,
          saDataSizeKilobytes: 102_400_000,
        },
      ],
    },
    optionsOf(place, { additionalSecretOutputs: ['sharedKey'] }),
  );
}
