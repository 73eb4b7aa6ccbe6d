import { type AddressRange, checkAddresses } from '../../lib/plan/addresses';
import { defer } from '../../lib/plan/deferred';
import { Issues } from '../../lib/plan/issues';
import fc from '../support/properties';

const range = (region: string, use: AddressRange['use'], cidr: string): AddressRange => ({
  path: `regions.${region}.cluster.${use}`,
  cidr,
  region,
  use,
});
const check = (...ranges: readonly AddressRange[]) => {
  const issues = new Issues();
  checkAddresses(ranges, issues);
  return issues.all.map(({ path, problem }) => [path, problem]);
};

describe('checkAddresses', () => {
  it.each([
    ['10.20.0.0/16', '10.21.0.0/16'],
    ['10.20.0.0/17', '10.20.128.0/17'],
    ['fd00:1::/64', 'fd00:2::/64'],
    ['10.0.0.0/8', 'fd00::/8'],
  ])('%s and %s go together', (pods, services) => {
    expect(check(range('a', 'pods', pods), range('a', 'services', services))).toEqual([]);
  });

  it.each([
    ['10.20.0.0/16', '10.20.0.0/16'],
    ['10.20.0.0/16', '10.20.255.0/24'],
    ['10.20.1.0/24', '10.0.0.0/8'],
    ['fd00:1::/32', 'fd00:1:5::/64'],
  ])('%s and %s of one cluster overlap', (pods, services) => {
    expect(check(range('a', 'pods', pods), range('a', 'services', services))).toEqual([
      ['regions.a.cluster.services', `overlaps the addresses of pods (${pods})`],
    ]);
  });

  it('pods and nodes of two regions must not overlap, so that they can be linked', () => {
    expect(check(range('a', 'pods', '10.0.0.0/16'), range('b', 'nodes', '10.0.4.0/24'))).toEqual([
      [
        'regions.b.cluster.nodes',
        'overlaps the addresses of pods of a (10.0.0.0/16), so no link could have a route to both',
      ],
    ]);
    expect(check(range('a', 'services', '10.0.0.0/16'), range('b', 'pods', '10.0.0.0/16'))).toHaveLength(1);
  });

  it('Services of two clusters may have the same addresses: these never leave their cluster', () => {
    expect(check(range('a', 'services', '10.96.0.0/12'), range('b', 'services', '10.96.0.0/12'))).toEqual([]);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0/8', '300.0.0.0/8', 'text', '10.0.0.0/', 'fd00::/129'])(
    '%s is no range',
    (cidr) => {
      expect(check(range('a', 'pods', cidr))).toEqual([['regions.a.cluster.pods', 'is not a range of addresses']]);
    },
  );

  it.each(['10.0.0.0/08', '10.0.0.0/016', '010.0.0.0/8'])('%s has zeros in front, which clouds refuse', (cidr) => {
    const issues = new Issues();
    checkAddresses([range('a', 'pods', cidr)], issues);
    expect(issues.all[0]).toMatchObject({ path: 'regions.a.cluster.pods', fix: expect.not.stringContaining('/0') });
  });

  it.each(['169.252.0.0/14', '168.0.0.0/6', '126.0.0.0/7', '169.254.1.0/24', '192.0.0.0/2'])(
    '%s holds addresses that no cluster can use',
    (cidr) => {
      expect(check(range('a', 'pods', cidr))).toEqual([
        ['regions.a.cluster.pods', 'is a range that no cluster can use'],
      ]);
    },
  );

  it('a range begins at its first address', () => {
    const issues = new Issues();
    checkAddresses([range('a', 'pods', '10.20.5.1/16')], issues);
    expect(issues.all[0]).toMatchObject({
      problem: 'does not begin at its first address',
      fix: 'write 10.20.0.0/16, if that is the range you mean',
    });
  });

  it.each(['0.0.0.0/0', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', 'fe80::/10', '::1/128'])(
    '%s is of no use to a cluster',
    (cidr) => {
      expect(check(range('a', 'pods', cidr))).toEqual([
        ['regions.a.cluster.pods', 'is a range that no cluster can use'],
      ]);
    },
  );

  it('waits for a range that is known later', () => {
    expect(check(range('a', 'pods', defer('10.0.0.0/8')), range('a', 'nodes', '10.0.0.0/8'))).toEqual([]);
  });

  it('finds exactly the overlaps that a comparison of all pairs finds', () => {
    const cidrs = fc.record({ block: fc.integer({ min: 0, max: 255 }), bits: fc.integer({ min: 10, max: 16 }) });
    fc.assert(
      fc.property(fc.array(cidrs, { maxLength: 12 }), (given) => {
        const blocks = given.map(({ block, bits }) => {
          const size = 2 ** (16 - bits);
          return { first: block - (block % size), size, bits };
        });
        const ranges = blocks.map(({ first, bits }, i) => range(`r${i}`, 'pods', `10.${first}.0.0/${bits}`));
        const pairs = blocks.flatMap((a, i) =>
          blocks.slice(i + 1).filter((b) => a.first < b.first + b.size && b.first < a.first + a.size),
        );
        const issues = new Issues();
        checkAddresses(ranges, issues);
        expect(issues.all).toHaveLength(pairs.length);
      }),
    );
  });
});
