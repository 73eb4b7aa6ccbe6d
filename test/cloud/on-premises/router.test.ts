import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  birdConf,
  interfacesScript,
  nftablesConf,
  type RouterProps,
  routerOf,
  strongswanConf,
  swanctlConf,
} from '../../../lib/cloud/on-premises';
import { Links } from '../../../lib/plan/network/links';
import { Network } from '../../../lib/plan/network/networks';
import { planTopology } from '../../../lib/plan/plan';
import { bucket, topology } from '../../plan/topologies';
import { plan, props, regions } from './fixtures';

const factory = routerOf(plan, 'factory', props);
/** The lines of a block between its name and the bracket that closes it. */
const block = (text: string, name: string): string => {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.trim() === `${name} {`);
  const indent = /^ */.exec(lines[from] ?? '')?.[0];
  const to = lines.findIndex((line, i) => i > from && line === `${indent}}`);
  return lines.slice(from, to + 1).join('\n');
};

describe('routerOf', () => {
  it('takes outside addresses from the plan, and those of clouds from outside', () => {
    expect(
      factory.tunnels.map(({ tunnel, localId, remoteId, dials }) => [tunnel.name, localId, remoteId, dials]),
    ).toEqual([
      ['virginia--factory-1', '198.51.100.3', '192.0.2.1', true],
      ['virginia--factory-2', '198.51.100.3', '192.0.2.2', true],
      ['frankfurt--factory-1', '198.51.100.3', '198.51.100.1', false],
      ['frankfurt--factory-2', '198.51.100.3', '198.51.100.2', false],
    ]);
  });

  it('numbers interfaces by their place in the pool, so that they stay when others come', () => {
    expect(factory.tunnels.map((tunnel) => tunnel.interface)).toEqual(['hf9', 'hf10', 'hf13', 'hf14']);
  });

  it('sends from its own addresses behind NAT, and is known by the public ones', () => {
    const inside = routerOf(plan, 'frankfurt', { ...props, localAddresses: ['172.16.0.1', '172.16.0.2'] });
    expect(inside.tunnels.map(({ localAddress, localId }) => `${localAddress} ${localId}`)).toEqual([
      '172.16.0.1 198.51.100.1',
      '172.16.0.1 198.51.100.1',
      '172.16.0.2 198.51.100.2',
      '172.16.0.2 198.51.100.2',
      '172.16.0.1 198.51.100.1',
      '172.16.0.2 198.51.100.2',
    ]);
  });

  it.each<[string, string, object, string]>([
    ['virginia', 'of a cloud', {}, 'region "virginia" stands in no data centre: it has no router to configure'],
    ['factory', 'without addresses', { outsideAddresses: {} }, 'no outside address 0 of region "virginia" is given'],
    [
      'frankfurt',
      'with an address behind NAT for one of two outside addresses',
      { localAddresses: ['172.16.0.1'] },
      'localAddresses are 172.16.0.1, not one for each of publicIps: 198.51.100.1, 198.51.100.2',
    ],
    ['factory', 'with an unknown tunnel', { tunnels: ['x'] }, 'no tunnel "x" ends in region "factory"'],
    [
      'factory',
      'with a key that would end a text',
      { keyOf: () => 'a"b' },
      'the key of tunnel virginia--factory-1 is not letters and digits alone',
    ],
  ])('refuses %s %s', (region, _, more, message) => {
    expect(() => routerOf(plan, region, { ...props, ...more })).toThrow(message);
  });
});

describe('swanctl.conf', () => {
  const text = swanctlConf(factory);

  it('has a connection for each tunnel', () => {
    expect(block(text, 'virginia--factory-2')).toBe(`  virginia--factory-2 {
    version = 2
    local_addrs = 198.51.100.3
    remote_addrs = 192.0.2.2
    proposals = aes256-sha256-modp2048
    rekey_time = 25920s
    encap = yes
    mobike = no
    fragmentation = yes
    dpd_delay = 10s
    keyingtries = 0
    unique = replace
    if_id_in = 10
    if_id_out = 10
    local {
      auth = psk
      id = 198.51.100.3
    }
    remote {
      auth = psk
      id = 192.0.2.2
    }
    children {
      virginia--factory-2 {
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = aes256-sha256-modp2048
        rekey_time = 3240s
        mode = tunnel
        start_action = trap|start
        close_action = start
        dpd_action = restart
        replay_window = 128
      }
    }
  }`);
  });

  it('has a key for each tunnel, between its two outside addresses', () => {
    expect(block(text, 'ike-frankfurt--factory-2')).toBe(`  ike-frankfurt--factory-2 {
    id-1 = 198.51.100.3
    id-2 = 198.51.100.2
    secret = "${props.keyOf({ name: 'frankfurt--factory-2', generation: 1 })}"
  }`);
  });

  it('lets one of two generated routers wait', () => {
    expect(block(text, 'frankfurt--factory-1')).toContain('start_action = none');
    const dialler = (more: Partial<RouterProps>) =>
      block(swanctlConf(routerOf(plan, 'frankfurt', { ...props, ...more })), 'frankfurt--factory-1');
    expect(dialler({})).toContain('start_action = trap|start');
    // Outside of the kernel nobody notices traffic without a tunnel.
    expect(dialler({ dataplane: 'libipsec' })).toContain('start_action = start');
  });

  it('does not change when a site joins', () => {
    const joined = {
      ...regions,
      tokyo: {
        ...bucket('tokyo'),
        network: Network.onPremises({ cidrs: ['10.3.0.0/16'], publicIps: ['198.51.100.9'], resolvers: ['10.3.0.53'] }),
      },
    };
    const four = planTopology(topology(0, { regions: joined, links: Links.mesh() }));
    const now = swanctlConf(routerOf(four, 'factory', props));
    for (const { tunnel } of factory.tunnels) {
      expect(block(now, tunnel.name)).toBe(block(text, tunnel.name));
      expect(block(now, `ike-${tunnel.name}`)).toBe(block(text, `ike-${tunnel.name}`));
    }
    expect(now).toContain('tokyo');
  });

  it('proposes the strong profile where a link has it', () => {
    const strong = planTopology(topology(0, { regions, links: Links.mesh({ crypto: 'strong' }) }));
    const lines = swanctlConf(routerOf(strong, 'factory', props));
    expect(lines).toContain('proposals = aes256gcm16-prfsha384-ecp384');
    expect(lines).toContain('esp_proposals = aes256gcm16-ecp384');
  });
});

describe('interfaces', () => {
  it('are made once, with their inside address and room for encryption', () => {
    expect(interfacesScript(factory)).toContain(
      [
        'ip link show hf9 >/dev/null 2>&1 || ip link add hf9 type xfrm if_id 9',
        'address hf9 169.254.21.34/30',
        'ip link set hf9 mtu 1390 up',
      ].join('\n'),
    );
  });

  it('have no address but the planned one, which is left alone where it is there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'interfaces-'));
    const program = (name: string, text: string): void =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    const line = (address: string) =>
      `echo "7: hf inet ${address} scope global hf\\       valid_lft forever preferred_lft forever"`;
    program('sysctl', 'exit 0');
    // hf9 had the other side of its range; hf10 has its own.
    program(
      'ip',
      `case "$*" in\n*"show dev hf9") ${line('169.254.21.33/30')} ;;\n*"show dev hf10") ${line('169.254.21.38/30')} ;;\n"addr "*) echo "$*" >> ${folder}/done ;;\nesac`,
    );
    try {
      execFileSync('sh', ['-c', interfacesScript(factory)], {
        env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      });
      const done = readFileSync(join(folder, 'done'), 'utf8').split('\n');
      expect(done.filter((command) => / hf(9|10)$/.test(command))).toEqual([
        'addr del 169.254.21.33/30 dev hf9',
        'addr replace 169.254.21.34/30 dev hf9',
        'addr replace 169.254.21.38/30 dev hf10',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are the one of libipsec outside the kernel, whose own route stays behind all others', () => {
    const router = routerOf(plan, 'factory', { ...props, dataplane: 'libipsec', tunnels: ['virginia--factory-1'] });
    expect(interfacesScript(router)).not.toContain('type xfrm');
    expect(swanctlConf(router)).not.toContain('if_id');
    expect(strongswanConf(router)).toContain('routing_table_prio = 40000');
  });
});

describe('strongswan.conf', () => {
  const text = strongswanConf(factory);

  it('leaves routes to BIRD', () => {
    expect(block(text, 'charon')).toContain('  install_routes = no\n  install_virtual_ip = no\n');
    expect(text).not.toContain('routing_table_prio');
  });

  it('gives up a silent peer, which may have restarted, within BGP’s hold time', () => {
    const number = (key: string) => Number(new RegExp(`^  retransmit_${key} = (\\S+)$`, 'm').exec(text)?.[1]);
    const waits = [...Array(number('tries') + 1).keys()].map((n) => number('timeout') * number('base') ** n);
    const seconds = waits.reduce((sum, wait) => sum + wait, 0);
    expect(seconds).toBeGreaterThan(20);
    expect(seconds).toBeLessThan(30);
  });
});

describe('bird.conf', () => {
  const text = birdConf(factory);

  it('speaks BGP inside each tunnel, by names that BIRD can read', () => {
    expect(block(text, 'protocol bgp frankfurt__factory_2')).toBe(`protocol bgp frankfurt__factory_2 {
  local 169.254.21.54 as 64602;
  neighbor 169.254.21.53 as 64601;
  interface "hf14";
  hold time 30;
  keepalive time 10;
  error wait time 5, 60;
  graceful restart on;
  ipv4 {
    import filter from_linked;
    export filter to_linked;
    next hop self;
  };
}`);
    expect(text.match(/^protocol bgp /gm)).toHaveLength(4);
  });

  it('announces its own ranges, and takes only those of linked regions', () => {
    expect(text).toContain('  route 10.2.0.0/16 unreachable;');
    expect(text).toContain('  if net ~ [ 10.0.0.0/16+, 10.1.0.0/16+ ] then accept;');
    expect(text).toContain('router id 198.51.100.3;');
  });

  it('tells what it learns to the other routers of its site', () => {
    const siblings = { own: '10.2.0.1', others: ['10.2.0.2'] };
    const shared = birdConf(routerOf(plan, 'factory', { ...props, siblings }));
    expect(shared).toContain('router id 10.2.0.1;');
    expect(block(shared, 'protocol bgp sibling_1')).toContain('  neighbor 10.2.0.2 as 64602;');
  });

  it('has the router ask from an address that the rules of other regions name', () => {
    const asking = (more: Partial<RouterProps>) => birdConf(routerOf(plan, 'factory', { ...props, ...more }));
    expect(asking({ lanAddress: '10.2.0.3' })).toContain('  krt_prefsrc = 10.2.0.3;');
    expect(block(asking({ lanAddress: '10.2.0.3' }), 'protocol kernel')).toContain('export filter to_kernel;');
    // Its address among siblings is its own too.
    const siblings = { own: '10.2.0.1', others: ['10.2.0.2'] };
    expect(asking({ siblings })).toContain('  krt_prefsrc = 10.2.0.1;');
    expect(asking({ siblings, lanAddress: '10.2.0.3' })).toContain('  krt_prefsrc = 10.2.0.3;');
    expect(asking({ siblings: { ...siblings, own: '192.168.7.1' } })).not.toContain('krt_prefsrc');
    expect(text).not.toContain('krt_prefsrc');
    expect(() => asking({ lanAddress: '192.168.7.1' })).toThrow(
      'lanAddress is 192.168.7.1, not an address within cidrs: 10.2.0.0/16',
    );
  });

  it('takes nothing where nothing is linked', () => {
    const alone = planTopology(topology(0, { regions }));
    expect(birdConf(routerOf(alone, 'factory', props))).toContain('router id 198.51.100.3;');
    expect(birdConf(routerOf(alone, 'factory', props))).toContain('filter from_linked {\n  reject;\n}');
    expect(nftablesConf(routerOf(alone, 'factory', props))).not.toMatch(/\{ {2}\}|BGP|between other regions/);
  });
});

describe('nftables', () => {
  const text = nftablesConf(factory);

  it('lets in and out what is planned, and drops the rest', () => {
    expect(text).toContain(
      '    ip saddr { 10.0.0.0/16, 10.1.0.0/16 } ip daddr { 10.2.0.0/16 } tcp dport { 443 } accept comment "image pulls by the name of a region"',
    );
    expect(text).toContain(
      '    ip saddr { 10.2.0.0/16 } ip daddr { 10.0.0.0/16, 10.1.0.0/16 } udp dport { 53 } accept comment "private names of linked regions"',
    );
    expect(text).toContain('icmp type destination-unreachable icmp code frag-needed accept');
    expect(text.match(/^ {4}drop$/gm)).toHaveLength(3);
  });

  it('lets other regions pass through, BGP speak, and segments fit', () => {
    expect(text).toContain(
      'ip saddr { 10.0.0.0/16, 10.1.0.0/16 } ip daddr { 10.0.0.0/16, 10.1.0.0/16 } accept comment "between other regions"',
    );
    expect(text).toContain(
      'ip saddr { 169.254.21.33, 169.254.21.37, 169.254.21.49, 169.254.21.53 } tcp dport 179 accept',
    );
    expect(text).toContain('iifname "hf*" tcp flags syn tcp option maxseg size set 1350');
  });

  it('lets planned uses reach the router itself, such as a resolver on it', () => {
    const input = block(text, 'chain from_peers').split('\n');
    const planned = block(text, 'chain from_links')
      .split('\n')
      .filter((line) => / dport /.test(line));
    expect(planned.length).toBeGreaterThan(2);
    expect(input).toEqual(expect.arrayContaining(planned));
    expect(input.slice(-2)).toEqual(['    drop', '  }']);
    expect(input.join('\n')).toContain(
      'ip saddr { 10.0.0.0/16, 10.1.0.0/16 } ip daddr { 10.2.0.0/16 } udp dport { 53 } accept comment "private names of linked regions"',
    );
  });

  it('lets answers pass by connection, or by port where another router may have seen the question', () => {
    expect(text.match(/ct state established,related accept/g)).toHaveLength(3);
    const shared = nftablesConf(
      routerOf(plan, 'factory', { ...props, siblings: { own: '10.2.0.1', others: ['10.2.0.2'] } }),
    );
    expect(shared.match(/ct state established,related accept/g)).toHaveLength(1);
    expect(shared).toContain(
      'ip saddr { 10.0.0.0/16, 10.1.0.0/16 } ip daddr { 10.2.0.0/16 } tcp sport { 443 } tcp flags & (syn | ack) != syn accept comment "answers: image pulls by the name of a region"',
    );
    expect(shared).toContain('udp sport { 53 } accept');
  });
});
