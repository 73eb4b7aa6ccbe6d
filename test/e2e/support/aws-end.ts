import type { TunnelKey, TunnelPlan } from '../../../lib/plan/network/links';
import { endsFrom } from '../../../lib/plan/network/tunnels';

/** What AWS tells the owner of a customer gateway about one tunnel, under the names it has in the outputs of a VPN connection. */
export interface AwsTunnel {
  readonly tunnelAddress: string;
  readonly customerGatewayAddress: string;
  readonly vgwInsideAddress: string;
  readonly cgwInsideAddress: string;
  readonly bgpAsn: number;
  readonly customerGatewayAsn: number;
  readonly presharedKey: string;
}

/**
 * AWS's own side of a tunnel, by its rules and not by what is planned for its end: a connection leads to the one address of its customer
 * gateway, its tunnels come from addresses in their order, and the first host inside is AWS's.
 *
 * @param outsides addresses that AWS gives its tunnels, two for each connection
 */
export function awsTunnel(
  tunnel: TunnelPlan,
  region: string,
  outsides: readonly string[],
  customerGateways: readonly string[],
  keyOf: (key: TunnelKey) => string,
): AwsTunnel {
  const { own, peer } = endsFrom(tunnel, region);
  if (own.connection === undefined) throw new Error(`${tunnel.name} belongs to no connection`);
  const { index, tunnel: number } = own.connection;
  const host = (n: number): string =>
    tunnel.insideCidr.replace(/(\d+)\/30$/, (_, last: string) => String(Number(last) + n));
  return {
    tunnelAddress: outsides[2 * index + number - 1] ?? '',
    customerGatewayAddress: customerGateways[index] ?? '',
    vgwInsideAddress: host(1),
    cgwInsideAddress: host(2),
    bgpAsn: own.asn,
    customerGatewayAsn: peer.asn,
    presharedKey: keyOf(tunnel.key),
  };
}

/** A strongSwan and a BIRD that are AWS's side, with the only proposal that the connection is asked to have. It waits, as AWS does by default. */
export function awsFiles(
  tunnel: AwsTunnel,
  { cidr, lan, others }: { readonly cidr: string; readonly lan: string; readonly others: readonly string[] },
): Readonly<Record<string, string>> {
  const { tunnelAddress, customerGatewayAddress, vgwInsideAddress, cgwInsideAddress, bgpAsn } = tunnel;
  return {
    'swanctl.conf': `connections {
  vpn {
    version = 2
    local_addrs = ${tunnelAddress}
    remote_addrs = ${customerGatewayAddress}
    proposals = aes256-sha256-modp2048
    encap = yes
    local {
      auth = psk
      id = ${tunnelAddress}
    }
    remote {
      auth = psk
      id = ${customerGatewayAddress}
    }
    children {
      vpn {
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = aes256-sha256-modp2048
        start_action = none
      }
    }
  }
}
secrets {
  ike-vpn {
    id-1 = ${customerGatewayAddress}
    secret = "${tunnel.presharedKey}"
  }
}
`,
    'generated.conf': 'charon {\n  install_routes = no\n  install_virtual_ip = no\n  routing_table_prio = 40000\n}\n',
    'interfaces.sh': `sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=2\nip addr replace ${vgwInsideAddress}/30 dev ipsec0\nip link set ipsec0 mtu 1390 up\n`,
    'bird.conf': `router id ${lan};
protocol device {}
protocol direct { ipv4; }
protocol static { ipv4; route ${cidr} unreachable; }
protocol kernel { merge paths yes; ipv4 { import none; export where source = RTS_BGP; }; }
protocol bgp tunnel_end {
  local ${vgwInsideAddress} as ${bgpAsn};
  neighbor ${cgwInsideAddress} as ${tunnel.customerGatewayAsn};
  hold time 30;
  ipv4 { import all; export where source = RTS_STATIC; next hop self; };
}
${others
  .map(
    (address, i) =>
      `protocol bgp inside_${i} { local ${lan} as ${bgpAsn}; neighbor ${address} as ${bgpAsn}; hold time 30; ipv4 { import all; export where source = RTS_BGP; next hop self; }; }`,
  )
  .join('\n')}
`,
  };
}
