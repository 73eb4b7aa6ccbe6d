import { type DataCentreProps, dataCentreFiles } from '../../../lib/cloud/on-premises';
import { Links } from '../../../lib/plan/network/links';
import { Network } from '../../../lib/plan/network/networks';
import { planTopology } from '../../../lib/plan/plan';
import { Tls } from '../../../lib/plan/tls';
import { bucket, topology } from '../../plan/topologies';
import { keyOf } from '../gathered';

const SITES = ['a', 'b', 'c', 'd'];
/** The first data centres of a mesh. */
const mesh = (count: number) =>
  planTopology(
    topology(0, {
      regions: Object.fromEntries(
        SITES.slice(0, count).map((name, i) => [
          name,
          {
            ...bucket(name),
            network: Network.onPremises({
              cidrs: [`10.${i + 1}.0.0/16`],
              publicIps: [`198.51.100.${i + 1}`],
              resolvers: [`10.${i + 1}.0.53`],
            }),
          },
        ]),
      ),
      links: Links.mesh(),
    }),
  );
const filesOf = (count: number, region: string) =>
  dataCentreFiles(mesh(count), region, {
    keyOf,
    records: Object.fromEntries(mesh(count).records.map(({ name }) => [name, ['10.0.0.80']])),
  });

/** A text without what lists of ranges and of peers inside gained. */
const bare = (text: string): string =>
  text.replace(/, 10\.4\.0\.0\/16\+?/g, '').replace(/, 169\.254\.\d+\.\d+(?= \} tcp dport 179)/, '');

/** Lines that a text has besides those of another, which it keeps in their order; an error when it does not. */
function added(before: string, after: string): readonly string[] {
  const left = before.split('\n');
  const more = bare(after)
    .split('\n')
    .filter((line) => line !== left[0] || left.shift() === undefined);
  if (left.length > 0) throw new Error(`not kept: ${left[0]}`);
  return more;
}

describe('the files of a data centre', () => {
  it.each(SITES.slice(0, 3))('of %s get nothing but a new peer when a fourth data centre joins', (region) => {
    const after = filesOf(4, region);
    const gained = Object.fromEntries(
      Object.entries(filesOf(3, region)).map(([name, text]) => [name, added(text, after[name] ?? '').join('\n')]),
    );
    expect(gained['strongswan.conf']).toBe('');
    expect(gained['harbor-fleet.nft']).toBe('');
    expect(gained['harbor-fleet.service']).toBe('');
    expect(gained['interfaces.sh']?.split('\n')).toHaveLength(3);
    expect(gained['swanctl.conf']).toContain(`${region}--d-1 {`);
    expect(gained['bird.conf']).toContain(`protocol bgp ${region}__d_1 {`);
    expect(gained['unbound.conf']).toContain('forward-addr: 10.4.0.53');
    expect(gained.Corefile).toContain('d.registry.example.com {');
    const text = Object.values(gained).join('\n');
    expect(text).not.toMatch(/[abc](--|__)[abc][-_]|10\.[123]\.0\.53|198\.51\.100\.(?![1-4])/);
  });

  it('that changes something else would show', () => {
    const text = filesOf(3, 'a')['bird.conf'] ?? '';
    expect(() => added(text, text.replace('hold time 30', 'hold time 60'))).toThrow('not kept');
  });
});

describe('harbor-fleet.service', () => {
  const lines = (filesOf(2, 'a')['harbor-fleet.service'] ?? '').split('\n');
  const at = (line: string) => lines.indexOf(line);

  it('loads the rules after those of the system, and makes no interface without them', () => {
    expect(at('After=nftables.service')).toBeGreaterThan(at('[Unit]'));
    expect(at('Type=oneshot')).toBeGreaterThan(at('[Service]'));
    // Of a oneshot unit, what comes before must succeed.
    expect(at('ExecStartPre=/usr/sbin/nft -f /etc/nftables.d/harbor-fleet.nft')).toBeGreaterThan(at('[Service]'));
    expect(at('ExecStart=/bin/sh /etc/harbor-fleet/interfaces.sh')).toBeGreaterThan(at('[Service]'));
  });

  it('is done before the tunnels and their routes, at each start', () => {
    expect(at('Before=strongswan.service bird.service')).toBeGreaterThan(at('[Unit]'));
    expect(at('WantedBy=multi-user.target')).toBeGreaterThan(at('[Install]'));
  });
});

describe('the CA beside common-name.sh', () => {
  const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  const sites = (tls: Readonly<Record<string, Tls>>) =>
    planTopology(
      topology(0, {
        regions: Object.fromEntries(
          ['a', 'b', 'c'].map((name, i) => [
            name,
            {
              ...bucket(name),
              tls: tls[name],
              network: Network.onPremises({
                cidrs: [`10.${i + 1}.0.0/16`],
                publicIps: [`198.51.100.${i + 1}`],
                resolvers: [`10.${i + 1}.0.53`],
              }),
            },
          ]),
        ),
        links: Links.mesh(),
        dns: {},
      }),
    );
  const written = (tls: Readonly<Record<string, Tls>>, ca?: string, props?: DataCentreProps) => {
    const records = { 'a.registry.example.com': ['10.1.0.80'] };
    return dataCentreFiles(sites(tls), 'a', { keyOf, records, ca }, props);
  };
  const open = Tls.certManager({ issuer: 'letsencrypt' });

  it('is the topology’s own', () => {
    const files = written({}, pem('own'));
    expect(files['ca.crt']).toBe(pem('own'));
    expect(files['common-name.sh']).toContain("--cacert '/etc/harbor-fleet/ca.crt'");
  });

  it('is several where regions differ, each certificate once', () => {
    const ours = Tls.certManager({ issuer: 'ours', ca: `${pem('ours')}${pem('own')}` });
    expect(written({ b: ours, c: open }, pem('own'))['ca.crt']).toBe(`${pem('own')}${pem('ours')}`);
    expect(written({ a: ours, b: ours, c: open })['ca.crt']).toBe(`${pem('ours')}${pem('own')}`);
  });

  it('is not there where all certificates are public', () => {
    const files = written({ a: open, b: open, c: open });
    expect(files['common-name.sh']).not.toContain('--cacert');
    expect(files['ca.crt']).toBeUndefined();
  });

  it('is asked for, unless it is said to be on the machine already', () => {
    expect(() => written({ c: open })).toThrow(
      "no CA is given, and certificates of Harbor in a, b come from the topology's private one",
    );
    expect(() => written({}, 'x')).toThrow('ca holds no certificate in PEM');
    const files = written({}, undefined, {
      commonName: { caFile: '/etc/ssl/ours.pem', control: 'unbound-control -c /u' },
    });
    expect(files['common-name.sh']).toContain("--cacert '/etc/ssl/ours.pem'");
    expect(files['common-name.sh']).toContain('unbound-control -c /u local_data ');
    expect(files['ca.crt']).toBeUndefined();
  });
});
