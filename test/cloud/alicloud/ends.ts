import { proposal } from '../../../lib/plan/network/crypto';
import type { TunnelConfiguration } from '../../../lib/plan/network/mirror';
import type { TopologyPlan } from '../../../lib/plan/plan';
import { type Recording, Secret } from '../../pulumi/support/mocks';

interface Specification {
  readonly customerGatewayId: string;
  readonly role: string;
  readonly tunnelIkeConfig: Readonly<Record<'ikeEncAlg' | 'ikeAuthAlg' | 'ikePfs', string>> & { readonly psk: Secret };
  readonly tunnelIpsecConfig: Readonly<Record<'ipsecEncAlg' | 'ipsecAuthAlg' | 'ipsecPfs', string>>;
  readonly tunnelBgpConfig: Readonly<Record<'localAsn' | 'localBgpIp' | 'tunnelCidr', string>>;
}

/**
 * Ends of tunnels as Alibaba Cloud was asked for them. The first tunnel of a connection leaves from the gateway's first address, the
 * second from the one for disasters; the peer inside is the other host of the tunnel's range.
 *
 * @param outsides what the stand-in for the cloud says that the gateway's addresses are
 * @param name of the region's network
 */
export function alicloudEnds(
  recording: Recording,
  plan: TopologyPlan,
  region: string,
  name: string,
  outsides: readonly string[],
): readonly TunnelConfiguration[] {
  const peers = recording.requests.filter(({ type }) => type === 'alicloud:vpn/customerGateway:CustomerGateway');
  return recording.requests
    .filter((request) => request.type === 'alicloud:vpn/connection:Connection' && request.name.startsWith(`${name}/`))
    .flatMap(({ inputs }) => inputs.tunnelOptionsSpecifications as readonly Specification[])
    .map((specification): TunnelConfiguration => {
      const { customerGatewayId, role, tunnelIkeConfig: ike, tunnelIpsecConfig: esp } = specification;
      const { tunnelCidr, localAsn, localBgpIp } = specification.tunnelBgpConfig;
      const peer = peers.find((one) => `${one.name}-id` === customerGatewayId);
      if (!(ike.psk instanceof Secret)) throw new Error(`the key of ${tunnelCidr} is no secret`);
      const tunnels = plan.links.filter(({ between }) => between.includes(region)).flatMap((link) => link.tunnels);
      return {
        tunnel: tunnels.find(({ insideCidr }) => insideCidr === tunnelCidr)?.name ?? `no tunnel in ${tunnelCidr}`,
        region,
        localOutside: outsides[role === 'master' ? 0 : 1] ?? 'no address',
        remoteOutside: String(peer?.inputs.ipAddress),
        localInside: localBgpIp,
        remoteInside: otherHost(tunnelCidr, localBgpIp),
        insideCidr: tunnelCidr,
        localAsn: Number(localAsn),
        remoteAsn: Number(peer?.inputs.asn),
        key: String(ike.psk.value),
        ike: proposal({ encryption: ike.ikeEncAlg, integrity: ike.ikeAuthAlg, group: ike.ikePfs }, 'ike'),
        esp: proposal({ encryption: esp.ipsecEncAlg, integrity: esp.ipsecAuthAlg, group: esp.ipsecPfs }, 'esp'),
      };
    });
}

/** The other one of the two hosts of a /30. */
function otherHost(cidr: string, host: string): string {
  const [first, second] = [1, 2].map((n) => cidr.replace(/(\d+)\/30$/, (_, last: string) => String(Number(last) + n)));
  return (host === first ? second : first) ?? '';
}
