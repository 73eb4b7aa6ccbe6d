import type { types } from '@pulumi/alicloud';
import { Connection, CustomerGateway } from '@pulumi/alicloud/vpn';
import type { Input, Resource } from '@pulumi/pulumi';
import { LIFETIME, wordsOf } from '../../plan/network/crypto.js';
import type { TunnelEnd } from '../../plan/network/links.js';
import type { ConnectedTunnel } from '../cloud.js';

type Specification = types.input.vpn.ConnectionTunnelOptionsSpecification;

const ANYWHERE = ['0.0.0.0/0'];

/**
 * One end of tunnels: a customer gateway for each outside address of a peer, and the planned connections, each with its tunnel
 * from the gateway's first address and the one from its second. A gateway takes one connection at a time, so each waits for the one before.
 */
export function makeTunnels(
  parent: Resource,
  name: string,
  vpnGatewayId: Input<string>,
  tunnels: readonly ConnectedTunnel[],
  tags: Readonly<Record<string, Input<string>>> | undefined,
): void {
  const peers = new Map<string, CustomerGateway>();
  for (const { peer, peerOutside } of tunnels) {
    const id = customerGateway(name, peer);
    if (peers.has(id)) continue;
    const args = { customerGatewayName: label(id), ipAddress: peerOutside, asn: String(peer.asn), tags };
    peers.set(id, new CustomerGateway(id, args, { parent }));
  }
  let before: Connection | undefined;
  for (const [id, members] of connectionsOf(name, tunnels)) {
    const connection: Connection = new Connection(
      id,
      {
        vpnConnectionName: label(id),
        vpnGatewayId,
        networkType: 'public',
        localSubnets: ANYWHERE,
        remoteSubnets: ANYWHERE,
        enableTunnelsBgp: true,
        // BGP brings the routes; a route to anywhere would otherwise be made.
        autoConfigRoute: false,
        effectImmediately: true,
        tunnelOptionsSpecifications: members.map((tunnel) =>
          specification(tunnel, peers.get(customerGateway(name, tunnel.peer))?.id),
        ),
        tags,
      },
      {
        parent,
        dependsOn: before,
        // The SDK does not know that pre-shared keys are in there.
        additionalSecretOutputs: ['tunnelOptionsSpecifications'],
      },
    );
    before = connection;
  }
}

const customerGateway = (name: string, { region, outside }: TunnelEnd): string => `${name}/${region}/${outside}`;
const label = (id: string): string => id.replaceAll('/', '-');

/** Tunnels by the connection that holds them, the one from the gateway's first address first. */
function connectionsOf(
  name: string,
  tunnels: readonly ConnectedTunnel[],
): ReadonlyMap<string, readonly ConnectedTunnel[]> {
  const connections = new Map<string, ConnectedTunnel[]>();
  for (const tunnel of tunnels) {
    const id = `${name}/${tunnel.link.name}/${tunnel.own.connection?.index ?? 0}`;
    connections.set(id, [...(connections.get(id) ?? []), tunnel]);
  }
  for (const members of connections.values()) members.sort((a, b) => numberOf(a) - numberOf(b));
  return connections;
}

const numberOf = ({ own }: ConnectedTunnel): number => own.connection?.tunnel ?? 1;

function specification(tunnel: ConnectedTunnel, customerGatewayId: Input<string> | undefined): Specification {
  const { link, own, key } = tunnel;
  const { ike, esp } = wordsOf('alicloud', link);
  return {
    customerGatewayId,
    role: numberOf(tunnel) === 1 ? 'master' : 'slave',
    enableDpd: true,
    enableNatTraversal: true,
    tunnelIkeConfig: {
      ikeVersion: 'ikev2',
      ikeMode: 'main',
      ikeEncAlg: ike.encryption,
      ikeAuthAlg: ike.integrity,
      ikePfs: ike.group,
      ikeLifetime: LIFETIME.ike,
      psk: key,
    },
    tunnelIpsecConfig: {
      ipsecEncAlg: esp.encryption,
      ipsecAuthAlg: esp.integrity,
      ipsecPfs: esp.group,
      ipsecLifetime: LIFETIME.esp,
    },
    tunnelBgpConfig: {
      localAsn: String(own.asn),
      localBgpIp: own.inside,
      tunnelCidr: tunnel.tunnel.insideCidr,
    },
  };
}
