import { dataCentreFiles } from '../../../lib/cloud/on-premises';
import { Links } from '../../../lib/plan/network/links';
import { Network } from '../../../lib/plan/network/networks';
import { planTopology } from '../../../lib/plan/plan';
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
