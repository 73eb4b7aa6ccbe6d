import { proposal } from '../../../lib/plan/network/crypto';
import type { TunnelConfiguration } from '../../../lib/plan/network/mirror';
import { type Recording, Secret } from '../../pulumi/support/mocks';

const COMPUTE = 'gcp:compute';
const TUNNEL = `${COMPUTE}/vPNTunnel:VPNTunnel`;
const ROUTER = `${COMPUTE}/router:Router`;
const PEERS = `${COMPUTE}/externalVpnGateway:ExternalVpnGateway`;
const INTERFACE = `${COMPUTE}/routerInterface:RouterInterface`;
const SESSION = `${COMPUTE}/routerPeer:RouterPeer`;

/** The addresses of a gateway when mocks are asked for them. */
export const outsideAddresses = (name: string): { id: number; ipAddress: string }[] =>
  [0, 1].map((id) => ({ id, ipAddress: `outside address ${id} of ${name.replace(/-vpn$/, '')}` }));

/** What stands for the self link of a resource. */
export const selfLink = (name: string): string => `link of ${name}`;

interface Suite {
  readonly phase1: { encryptions: string[]; integrities?: string[]; prves: string[]; dhs: string[] };
  readonly phase2: { encryptions: string[]; integrities?: string[]; pfs: string[] };
}

/**
 * The ends in a region of the tunnels that Google Cloud would bring up, read from what it was asked for alone.
 *
 * @param of name of the region's network, which those of its resources begin with
 */
export function gcpEnds(recording: Recording, region: string, of = region): readonly TunnelConfiguration[] {
  const { bgp } = recording.find(`${of}-vpn`, ROUTER).inputs as unknown as { bgp: { asn: number } };
  return recording.requests
    .filter(({ type, name }) => type === TUNNEL && name.startsWith(`${of}-`))
    .map(({ inputs, name }) => {
      const tunnel = inputs as unknown as {
        name: string;
        vpnGateway: string;
        vpnGatewayInterface: number;
        peerExternalGateway: string;
        peerExternalGatewayInterface: number;
        sharedSecret: Secret;
        cipherSuite: Suite;
      };
      const side = recording.find(name, INTERFACE).inputs as unknown as { ipRange: string; vpnTunnel: string };
      const session = recording.find(name, SESSION).inputs as unknown as {
        interface: string;
        ipAddress: string;
        peerIpAddress: string;
        peerAsn: number;
      };
      const peers = recording.find(tunnel.peerExternalGateway.replace(/^link of /, ''), PEERS).inputs as unknown as {
        interfaces: { id: number; ipAddress: string }[];
        redundancyType: string;
      };
      if (tunnel.vpnGateway !== selfLink(`${of}-vpn`)) throw new Error(`${name} is of gateway ${tunnel.vpnGateway}`);
      if (side.vpnTunnel !== tunnel.name) throw new Error(`the interface ${name} is of ${side.vpnTunnel}`);
      if (!(tunnel.sharedSecret instanceof Secret)) throw new Error(`the key of ${name} is not secret`);
      if (side.ipRange !== `${session.ipAddress}/30`) throw new Error(`${name} speaks BGP from ${session.ipAddress}`);
      const { phase1, phase2 } = tunnel.cipherSuite;
      return {
        tunnel: name.slice(of.length + 1),
        region,
        localOutside: outsideAddresses(`${of}-vpn`)[tunnel.vpnGatewayInterface]?.ipAddress ?? 'none',
        remoteOutside:
          peers.interfaces.find(({ id }) => id === tunnel.peerExternalGatewayInterface)?.ipAddress ?? 'none',
        localInside: session.ipAddress,
        remoteInside: session.peerIpAddress,
        insideCidr: rangeOf(session.ipAddress),
        localAsn: bgp.asn,
        remoteAsn: session.peerAsn,
        key: String(tunnel.sharedSecret.value),
        ike: proposal(
          {
            encryption: only(phase1.encryptions),
            integrity: phase1.integrities && only(phase1.integrities),
            prf: only(phase1.prves),
            group: only(phase1.dhs),
          },
          'ike',
        ),
        esp: proposal(
          {
            encryption: only(phase2.encryptions),
            integrity: phase2.integrities && only(phase2.integrities),
            group: only(phase2.pfs),
          },
          'esp',
        ),
      };
    })
    .sort((a, b) => a.tunnel.localeCompare(b.tunnel));
}

/** The one word of a role: with a second one a rekeying could change it. */
function only(words: readonly string[]): string {
  const [word] = words;
  if (word === undefined || words.length !== 1) throw new Error(`not one cipher but ${words.join(', ')}`);
  return word;
}

/** The /30 that an address is in. */
const rangeOf = (address: string): string => {
  const [a, b, c, d] = address.split('.').map(Number);
  return `${a}.${b}.${c}.${Number(d) - (Number(d) % 4)}/30`;
};
