import { proposal } from '../../../lib/plan/network/crypto';
import type { TunnelConfiguration } from '../../../lib/plan/network/mirror';

type Arguments = Readonly<Record<string, unknown>>;

/** Ends of tunnels as Terraform is told to ask Huawei Cloud for them, with its references followed and its variables filled in. */
export function huaweiEnds(
  files: Readonly<Record<string, string>>,
  region: string,
  outsides: readonly string[],
): readonly TunnelConfiguration[] {
  const { resource } = JSON.parse(files['main.tf.json'] ?? '{}') as {
    resource: Record<string, Record<string, Arguments>>;
  };
  const values = JSON.parse(files['terraform.tfvars.json'] ?? '{}') as Record<string, Record<string, never>>;
  const filled = (text: unknown): string => {
    const found = /^\$\{var\.(\w+)\["([^"]+)"\](?:\[(\d+)\])?\}$/.exec(String(text));
    if (found === null) return String(text);
    const [, name = '', key = '', index] = found;
    const value: unknown = values[name]?.[key];
    return String(index === undefined ? value : (value as readonly string[])[Number(index)]);
  };
  const reference = (text: unknown, kind: string): string =>
    new RegExp(`\\$\\{${kind}\\.([-\\w]+)`).exec(String(text))?.[1] ?? '';
  const [gateway] = Object.values(resource.huaweicloud_vpn_gateway ?? {});
  return Object.entries(resource.huaweicloud_vpn_connection ?? {}).map(([tunnel, made]): TunnelConfiguration => {
    const peer =
      resource.huaweicloud_vpn_customer_gateway?.[
        reference(made.customer_gateway_id, 'huaweicloud_vpn_customer_gateway')
      ];
    const [local = '', remote = ''] = [made.tunnel_local_address, made.tunnel_peer_address].map((one) =>
      String(one).replace('/30', ''),
    );
    const last = Number(local.split('.')[3]);
    const phase = (policy: unknown, use: 'ike' | 'esp'): string => {
      const [one = {}] = policy as readonly Readonly<Record<string, string>>[];
      const words = { encryption: one.encryption_algorithm ?? '', integrity: one.authentication_algorithm };
      return proposal({ ...words, group: one[use === 'ike' ? 'dh_group' : 'pfs'] ?? '' }, use);
    };
    return {
      tunnel,
      region,
      localOutside: outsides[Number(/eip([12])\[0\]\.id/.exec(String(made.gateway_ip))?.[1]) - 1] ?? '',
      remoteOutside: filled(peer?.id_value),
      localInside: local,
      remoteInside: remote,
      insideCidr: local.replace(/\d+$/, `${last - (last % 4)}/30`),
      localAsn: Number(gateway?.asn),
      remoteAsn: Number(peer?.asn),
      key: filled(made.psk),
      ike: phase(made.ikepolicy, 'ike'),
      esp: phase(made.ipsecpolicy, 'esp'),
    };
  });
}
