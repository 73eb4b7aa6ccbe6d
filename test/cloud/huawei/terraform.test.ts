import { type TerraformJson, terraformJson } from '../../../lib/cloud/huawei';
import { proposal } from '../../../lib/plan/network/crypto';
import { type LinkProps, Links } from '../../../lib/plan/network/links';
import { configurations, mirrorMistakes } from '../../../lib/plan/network/mirror';
import { planTopology, regionOf, type TopologyPlan } from '../../../lib/plan/plan';
import { network, networked, pair } from '../../plan/network/networks';

type Resource = Readonly<Record<string, unknown>>;
const of = (json: TerraformJson, kind: string): Readonly<Record<string, Resource>> =>
  (json.resource as Record<string, Record<string, Resource>>)[kind] ?? {};
const plan = (link: Partial<LinkProps> = {}): TopologyPlan =>
  planTopology(pair(network('huawei', 0), { ...network('onPremises', 1), resolvers: ['10.1.0.53'] }, link));
const json = terraformJson(plan(), 'region-0');

describe('Terraform JSON of Huawei Cloud', () => {
  it('has an active-active gateway whose addresses come out', () => {
    expect(of(json, 'huaweicloud_vpn_gateway').main).toMatchObject({
      asn: 64600,
      ha_mode: 'active-active',
      local_subnets: ['10.0.0.0/16'],
      eip1: [{ bandwidth_name: 'region-0-vpn-1' }],
    });
    expect(json.output).toEqual({
      outside_addresses: {
        value: [
          '${huaweicloud_vpn_gateway.main.eip1[0].ip_address}',
          '${huaweicloud_vpn_gateway.main.eip2[0].ip_address}',
        ],
      },
      resolvers: { value: '${huaweicloud_dns_endpoint.inbound.ip_addresses[*].ip}' },
    });
    expect(json.provider).toEqual({ huaweicloud: { region: 'ap-southeast-3' } });
  });

  it('has a connection for each tunnel, from the address that the plan says', () => {
    expect(of(json, 'huaweicloud_vpn_connection')['region-0--region-1-2']).toEqual({
      name: 'region-0--region-1-2',
      gateway_id: '${huaweicloud_vpn_gateway.main.id}',
      gateway_ip: '${huaweicloud_vpn_gateway.main.eip2[0].id}',
      customer_gateway_id: '${huaweicloud_vpn_customer_gateway.region-1-1.id}',
      vpn_type: 'bgp',
      ha_role: 'slave',
      psk: '${var.psk["region-0--region-1-2"]}',
      peer_subnets: ['10.1.0.0/16'],
      tunnel_local_address: '169.254.21.21/30',
      tunnel_peer_address: '169.254.21.22/30',
      ikepolicy: [
        {
          encryption_algorithm: 'aes-256',
          authentication_algorithm: 'sha2-256',
          lifetime_seconds: 28800,
          dh_group: 'group14',
          ike_version: 'v2',
        },
      ],
      ipsecpolicy: [
        {
          encryption_algorithm: 'aes-256',
          authentication_algorithm: 'sha2-256',
          lifetime_seconds: 3600,
          pfs: 'group14',
        },
      ],
    });
    expect(of(json, 'huaweicloud_vpn_customer_gateway')['region-1-1']).toEqual({
      name: 'region-1-1',
      id_value: '198.51.100.3',
      asn: 64601,
    });
  });

  it('asks for addresses of AWS, which come late, and has one gateway for each of its four', () => {
    const late = terraformJson(planTopology(pair(network('aws', 0), network('huawei', 1))), 'region-1');
    expect(Object.values(of(late, 'huaweicloud_vpn_customer_gateway')).map(({ id_value }) => id_value)).toEqual(
      [0, 1, 2, 3].map((i) => `\${var.outside_addresses["region-0"][${i}]}`),
    );
    expect(Object.values(of(late, 'huaweicloud_vpn_connection')).map(({ gateway_ip }) => gateway_ip)).toEqual(
      [1, 1, 2, 2].map((i) => `\${huaweicloud_vpn_gateway.main.eip${i}[0].id}`),
    );
  });

  it.each(['common', 'strong'] as const)('mirrors the other end of every tunnel, %s', (crypto) => {
    const planned = plan({ crypto });
    const connections = of(terraformJson(planned, 'region-0'), 'huaweicloud_vpn_connection');
    const gateways = of(terraformJson(planned, 'region-0'), 'huaweicloud_vpn_customer_gateway');
    const words = (policy: unknown, group: 'dh_group' | 'pfs') => {
      const [one] = policy as Record<string, string>[];
      return {
        encryption: one?.encryption_algorithm ?? '',
        integrity: one?.authentication_algorithm,
        group: one?.[group] ?? '',
      };
    };
    const networkIn = (region: string) => regionOf(planned, region).network ?? { type: 'external' as const };
    const ends = planned.links.flatMap((link) => configurations(link, networkIn));
    expect(ends).toHaveLength(2);
    for (const [own, peer] of ends) {
      const made = connections[own.tunnel] ?? {};
      const bare = (address: unknown) => String(address).replace('/30', '');
      const gateway = /customer_gateway\.(.+)\.id/.exec(String(made.customer_gateway_id))?.[1] ?? '';
      const recorded = {
        ...own,
        localOutside: `outside address ${Number(/eip(\d)/.exec(String(made.gateway_ip))?.[1]) - 1} of region-0`,
        remoteOutside: String(gateways[gateway]?.id_value),
        remoteAsn: Number(gateways[gateway]?.asn),
        localInside: bare(made.tunnel_local_address),
        remoteInside: bare(made.tunnel_peer_address),
        ike: proposal(words(made.ikepolicy, 'dh_group'), 'ike'),
        esp: proposal(words(made.ipsecpolicy, 'pfs'), 'esp'),
      };
      expect(mirrorMistakes(recorded, peer)).toEqual([]);
    }
  });

  it('names what a hub leads to as subnets of the peer', () => {
    const networks = [network('aws', 0), network('huawei', 1), network('onPremises', 2)];
    const subnets = (hub: string) =>
      Object.values(
        of(terraformJson(planTopology(networked(networks, Links.hub(hub))), 'region-1'), 'huaweicloud_vpn_connection'),
      )[0]?.peer_subnets;
    expect(subnets('region-0')).toEqual(['10.0.0.0/16', '10.2.0.0/16']);
    const google = [network('gcp', 0), network('huawei', 1), network('onPremises', 2)];
    const direct = terraformJson(planTopology(networked(google, Links.hub('region-0'))), 'region-1');
    expect(Object.values(of(direct, 'huaweicloud_vpn_connection'))[0]?.peer_subnets).toEqual([
      '10.0.0.0/16',
      '35.199.192.0/19',
    ]);
  });

  it('opens its security group for the planned uses, each rule once', () => {
    const rules = of(json, 'huaweicloud_networking_secgroup_rule');
    expect(rules['egress-tcp-443-10_1_0_0_16']).toMatchObject({
      direction: 'egress',
      protocol: 'tcp',
      ports: '443',
      remote_ip_prefix: '10.1.0.0/16',
      description: 'region-1: image pulls by the name of a region',
    });
    expect(rules['ingress-icmp-all-10_1_0_0_16']).not.toHaveProperty('ports');
    // Questions go to endpoints, which no group guards; nodes answer none.
    expect(Object.keys(rules).filter((rule) => rule.includes('-53-'))).toEqual([
      'egress-udp-53-10_1_0_0_16',
      'egress-tcp-53-10_1_0_0_16',
    ]);
    expect(Object.keys(rules)).toHaveLength(6);
  });

  it('forwards private names to known resolvers, and to late ones by a variable', () => {
    expect(
      of(json, 'huaweicloud_dns_resolver_rule').region_1_registry_example_com ??
        of(json, 'huaweicloud_dns_resolver_rule'),
    ).toMatchObject({
      'region-1_registry_example_com': {
        domain_name: 'region-1.registry.example.com',
        ip_addresses: [{ ip: '10.1.0.53' }],
      },
    });
    const late = terraformJson(planTopology(pair(network('aws', 0), network('huawei', 1))), 'region-1');
    expect(JSON.stringify(of(late, 'huaweicloud_dns_resolver_rule'))).toContain('${var.resolvers[\\"region-0\\"]}');
  });

  it('answers for its private names, whatever they lead to, at an endpoint of its own', () => {
    expect(of(json, 'huaweicloud_dns_zone')['region-0_registry_example_com']).toEqual({
      name: 'region-0.registry.example.com.',
      zone_type: 'private',
      proxy_pattern: 'RECURSIVE',
      router: [{ router_id: '${var.vpc_id}', router_region: 'ap-southeast-3' }],
    });
    expect(of(json, 'huaweicloud_dns_recordset')['region-0_registry_example_com']).toEqual({
      zone_id: '${huaweicloud_dns_zone.region-0_registry_example_com.id}',
      name: 'region-0.registry.example.com.',
      type: '${var.records["region-0.registry.example.com"].type}',
      records: '${var.records["region-0.registry.example.com"].values}',
      ttl: 30,
    });
    expect(of(json, 'huaweicloud_dns_endpoint').inbound).toMatchObject({ direction: 'inbound' });
  });

  it('uses EIPs that exist, and keeps what holds images', () => {
    const props = { existingEips: true, bucket: 'example', fileSystem: { size: '1Ti' as const } };
    const more = terraformJson(plan(), 'region-0', props);
    expect(of(more, 'huaweicloud_vpn_gateway').main).toMatchObject({
      eip1: [{ id: '${var.eip_ids[0]}' }],
      eip2: [{ id: '${var.eip_ids[1]}' }],
      // By default the provider releases them with the gateway.
      delete_eip_on_termination: false,
    });
    expect(of(json, 'huaweicloud_vpn_gateway').main).not.toHaveProperty('delete_eip_on_termination');
    expect(of(more, 'huaweicloud_obs_bucket').registry).toMatchObject({
      encryption: true,
      versioning: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(of(more, 'huaweicloud_sfs_turbo').registry).toMatchObject({ size: 1024, share_type: 'STANDARD' });
  });

  it('tells all mistakes in what it keeps images in', () => {
    const make = () =>
      terraformJson(plan(), 'region-0', { bucket: 'A', organization: 'a b', fileSystem: { size: '100Gi' } });
    expect(make).toThrow(/^3 mistakes in the settings of region-0 in Huawei Cloud:/);
    for (const key of ['bucket', 'organization', 'fileSystem.size']) expect(make).toThrow(`\n- ${key}: is not`);
  });

  it('asks for no more than the five that the gateway is made with, before other regions are known', () => {
    const all = Object.entries(json.variable as Record<string, object>);
    expect(all.filter(([, given]) => !('default' in given)).map(([name]) => name)).toEqual([
      'vpc_id',
      'connect_subnet',
      'availability_zones',
      'security_group_id',
      'resolver_subnet_ids',
    ]);
    // Terraform stops where an entry of these is used and is not there.
    for (const name of ['psk', 'records']) {
      expect(all.find(([one]) => one === name)?.[1]).toMatchObject({ default: {} });
    }
  });

  it('asks for a provider that knows all of it', () => {
    expect(json.terraform).toEqual({
      required_providers: { huaweicloud: { source: 'huaweicloud/huaweicloud', version: '>= 1.91.0' } },
    });
  });

  it('has one lifecycle rule for all objects of a bucket: OBS takes no two over the same', () => {
    const { registry } = of(terraformJson(plan(), 'region-0', { bucket: 'example' }), 'huaweicloud_obs_bucket');
    expect(registry?.lifecycle_rule).toEqual([
      {
        name: 'after-a-week',
        enabled: true,
        abort_incomplete_multipart_upload: [{ days: 7 }],
        noncurrent_version_expiration: [{ days: 7 }],
      },
    ]);
  });

  it('has no gateway where no tunnel ends, and is refused elsewhere', () => {
    const alone = terraformJson(planTopology(networked([network('huawei', 0)], undefined)), 'region-0');
    expect([alone.resource, alone.output]).toEqual([{}, {}]);
    expect(() => terraformJson(plan(), 'region-1')).toThrow('region "region-1" does not stand in Huawei Cloud');
    const broken = { ...plan(), links: plan().links.map((link) => ({ ...link, crypto: 'none' })) };
    expect(() => terraformJson(broken as never, 'region-0')).toThrow('which huawei lacks');
  });

  it('holds no key', () => {
    expect(JSON.stringify(json)).not.toMatch(/"psk":"(?!\$\{var)/);
  });
});
