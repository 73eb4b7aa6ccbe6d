import { CustomerGateway, VpnConnection, type VpnConnectionArgs } from '@pulumi/aws/ec2';
import type { Output } from '@pulumi/pulumi';
import { type CryptoWords, LIFETIME, wordsOf } from '../../plan/network/crypto.js';
import type { ConnectedTunnel } from '../cloud.js';
import type { Gateway } from './gateway.js';
import type { Place } from './network.js';

/** Settings of one tunnel of a connection, by their names without the tunnel's number. */
type TunnelOptions = {
  [Key in keyof VpnConnectionArgs as Key extends `tunnel1${infer Rest}` ? Rest : never]: VpnConnectionArgs[Key];
};

const BOTH = [1, 2] as const;

/** Makes the VPN connections of tunnels, each to one outside address of a peer. The outside address of each tunnel, by its name. */
export function connections(
  { name, region, parent, hub, tags }: Place,
  gateway: Gateway,
  tunnels: readonly ConnectedTunnel[],
): ReadonlyMap<string, Output<string>> {
  const options = { parent, provider: gateway.kind === 'transitGateway' ? hub : undefined };
  const outsides = new Map<string, Output<string>>();
  for (const [id, ofConnection] of byConnection(tunnels)) {
    const [first] = ofConnection;
    const { link, own, peer, peerOutside } = first;
    const label = `${name}/${id}`;
    const customerGateway = new CustomerGateway(
      label,
      {
        type: 'ipsec.1',
        ipAddress: peerOutside,
        ...(peer.asn > 2_147_483_647 ? { bgpAsnExtended: String(peer.asn) } : { bgpAsn: String(peer.asn) }),
        // Without a name of its own AWS would hand out another region's gateway for the same address.
        deviceName: label,
        region,
        tags: tags(label),
      },
      options,
    );
    const index = own.connection?.index ?? 0;
    const connection = new VpnConnection(
      label,
      {
        type: 'ipsec.1',
        customerGatewayId: customerGateway.id,
        ...gateway.connectionArgs,
        staticRoutesOnly: false,
        region,
        tags: tags(label),
        ...Object.assign(
          {},
          ...BOTH.map((number) => {
            const tunnel = ofConnection.find((one) => one.own.connection?.tunnel === number);
            const insideCidr = tunnel?.tunnel.insideCidr ?? link.insideCidrs[2 * index + number - 1];
            return numbered(number, tunnelOptions(wordsOf('aws', link), insideCidr, tunnel?.key));
          }),
        ),
      },
      options,
    );
    const addresses = { 1: connection.tunnel1Address, 2: connection.tunnel2Address };
    for (const { tunnel, own: end } of ofConnection) outsides.set(tunnel.name, addresses[end.connection?.tunnel ?? 1]);
    if (gateway.kind === 'transitGateway') {
      gateway.attach({ name: label, kind: 'vpn', id: connection.transitGatewayAttachmentId });
    }
  }
  return outsides;
}

type Tunnels = readonly [ConnectedTunnel, ...ConnectedTunnel[]];

/** One or two tunnels each, by the name of their link and the number of the connection. */
function byConnection(tunnels: readonly ConnectedTunnel[]): ReadonlyMap<string, Tunnels> {
  const found = new Map<string, Tunnels>();
  for (const tunnel of tunnels) {
    const id = `${tunnel.link.name}/${tunnel.own.connection?.index ?? 0}`;
    const earlier = found.get(id);
    found.set(id, earlier === undefined ? [tunnel] : [...earlier, tunnel]);
  }
  return found;
}

/** Every setting of a tunnel, because AWS offers a list by default. A tunnel without a key is idle: its key is nobody's. */
function tunnelOptions({ ike, esp }: CryptoWords, insideCidr: string | undefined, key?: Output<string>): TunnelOptions {
  return {
    InsideCidr: insideCidr,
    PresharedKey: key,
    IkeVersions: ['ikev2'],
    StartupAction: key === undefined ? 'add' : 'start',
    DpdTimeoutAction: key === undefined ? 'clear' : 'restart',
    DpdTimeoutSeconds: 30,
    Phase1EncryptionAlgorithms: [ike.encryption],
    Phase1IntegrityAlgorithms: [ike.integrity ?? ''],
    Phase1DhGroupNumbers: [Number(ike.group)],
    Phase1LifetimeSeconds: LIFETIME.ike,
    Phase2EncryptionAlgorithms: [esp.encryption],
    Phase2IntegrityAlgorithms: [esp.integrity ?? ''],
    Phase2DhGroupNumbers: [Number(esp.group)],
    Phase2LifetimeSeconds: LIFETIME.esp,
  };
}

const numbered = (number: 1 | 2, options: TunnelOptions): Partial<VpnConnectionArgs> =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [`tunnel${number}${key}`, value]));
