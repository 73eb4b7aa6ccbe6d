import { proposal } from '../../../lib/plan/network/crypto';
import type { TunnelConfiguration } from '../../../lib/plan/network/mirror';
import { type Recording, type Request, Secret } from '../../pulumi/support/mocks';

type Inputs = Record<string, never>;

const CONNECTION = 'azure-native:network:VirtualNetworkGatewayConnection';
const GATEWAY = 'azure-native:network:VirtualNetworkGateway';
const PEER = 'azure-native:network:LocalNetworkGateway';
const ADDRESS = 'azure-native:network:PublicIPAddress';

/** The address of an instance when mocks are asked for one. */
export const outsideAddress = (name: string): string => {
  const [, region, instance] = /^(.*)-gateway-(\d)$/.exec(name) ?? [];
  return `outside address ${instance} of ${region}`;
};

/**
 * The ends in a region of the tunnels that Azure would bring up, read from what it was asked for alone: of the addresses that a connection names, each instance
 * speaks BGP from its own, and reaches the peer's where both are in one /30.
 *
 * @param of name of the region's network, which those of its resources begin with
 */
export function azureEnds(recording: Recording, region: string, of = region): readonly TunnelConfiguration[] {
  const gateway = one(recording, GATEWAY, `${of}-gateway`).inputs;
  const asn = gateway.bgpSettings as unknown as { asn: number; bgpPeeringAddresses: Instance[] };
  return recording.requests
    .filter(({ type, name }) => type === CONNECTION && name.startsWith(`${of}-`))
    .map(({ inputs, name }) => {
      const {
        localNetworkGateway2,
        gatewayCustomBgpIpAddresses: offered,
        ipsecPolicies,
        sharedKey,
      } = inputs as unknown as {
        localNetworkGateway2: { id: string };
        gatewayCustomBgpIpAddresses: { customBgpIpAddress: string; ipConfigurationId: string }[];
        ipsecPolicies: Record<string, string>[];
        sharedKey: Secret;
      };
      const [policy = {}] = ipsecPolicies;
      const peer = one(recording, PEER, localNetworkGateway2.id.replace(/-id$/, '')).inputs;
      const remote = peer.bgpSettings as unknown as { asn: number; bgpPeeringAddress: string };
      const meeting = offered.filter((own) => rangeOf(own.customBgpIpAddress) === rangeOf(remote.bgpPeeringAddress));
      const [own] = meeting;
      if (own === undefined || meeting.length > 1)
        throw new Error(`${meeting.length} instances meet the peer of ${name}`);
      const instance = asn.bgpPeeringAddresses.findIndex((each) => each.ipconfigurationId === own.ipConfigurationId);
      const known = asn.bgpPeeringAddresses[instance]?.customBgpIpAddresses ?? [];
      if (!known.includes(own.customBgpIpAddress))
        throw new Error(`the gateway does not know ${own.customBgpIpAddress}`);
      if (!(sharedKey instanceof Secret)) throw new Error(`the key of ${name} is not secret`);
      return {
        tunnel: name.slice(of.length + 1),
        region,
        localOutside: outsideOf(recording, gateway as Inputs, own.ipConfigurationId),
        remoteOutside: String(peer.gatewayIpAddress),
        localInside: own.customBgpIpAddress,
        remoteInside: remote.bgpPeeringAddress,
        insideCidr: rangeOf(own.customBgpIpAddress),
        localAsn: asn.asn,
        remoteAsn: remote.asn,
        key: String(sharedKey.value),
        ike: proposal(
          {
            encryption: policy.ikeEncryption ?? '',
            integrity: policy.ikeIntegrity ?? '',
            group: policy.dhGroup ?? '',
          },
          'ike',
        ),
        esp: proposal(
          {
            encryption: policy.ipsecEncryption ?? '',
            integrity: policy.ipsecIntegrity ?? '',
            group: policy.pfsGroup ?? '',
          },
          'esp',
        ),
      };
    })
    .sort((a, b) => a.tunnel.localeCompare(b.tunnel));
}

interface Instance {
  readonly ipconfigurationId: string;
  readonly customBgpIpAddresses: readonly string[];
}

/** The outside address behind an IP configuration: by its name, the address that the gateway has there. */
function outsideOf(recording: Recording, gateway: Inputs, ipConfigurationId: string): string {
  const name = ipConfigurationId.split('/').pop();
  const configurations = gateway.ipConfigurations as unknown as { name: string; publicIPAddress: { id: string } }[];
  const found = configurations.find((each) => each.name === name);
  const address = one(recording, ADDRESS, found?.publicIPAddress.id.replace(/-id$/, '') ?? '');
  return outsideAddress(address.name);
}

const one = (recording: Recording, type: string, name: string): Request => recording.find(name, type);

/** The /30 that an address is in. */
const rangeOf = (address: string): string => {
  const [a, b, c, d] = address.split('.').map(Number);
  return `${a}.${b}.${c}.${Number(d) - (Number(d) % 4)}/30`;
};
