import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { ADDRESS, IPV4, IPV4_RANGE, IPV6, looksLikeAddress, RANGE } from '../../lib/plan/address-rules';
import type { TextRule } from '../../lib/plan/reader';
import '../support/properties';

const taken = ({ pattern }: TextRule, texts: readonly string[]): readonly string[] =>
  texts.filter((text) => pattern.test(text));

const V4 = ['0.0.0.0', '10.20.0.9', '203.0.113.7', '255.255.255.255'];
const NOT_V4 = ['', '999.1.1.1', '256.0.0.0', '10.0.0', '10.0.0.0.0', '010.0.0.1', '10.0.0.1 ', '1.2.3.4\n', 'lb.test'];
const V6 = [
  '::',
  '::1',
  '2001:db8::7',
  '2001:DB8:0:0:0:0:0:7',
  '1:2:3:4:5:6:7::',
  '::ffff:192.0.2.1',
  '64:ff9b::192.0.2.33',
];
const NOT_V6 = [
  '',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7::8',
  '12345::',
  '::1.2.3',
  '::999.1.1.1',
  'fe80::1%eth0',
];

describe('rules of addresses', () => {
  it('take addresses of their kind, and nothing else', () => {
    expect(taken(IPV4, [...V4, ...NOT_V4, ...V6])).toEqual(V4);
    expect(taken(IPV6, [...V6, ...NOT_V6, ...V4])).toEqual(V6);
    expect(taken(ADDRESS, [...V4, ...NOT_V4, ...V6, ...NOT_V6])).toEqual([...V4, ...V6]);
  });

  it('take ranges with a prefix that fits', () => {
    const ranges = ['0.0.0.0/0', '10.20.0.0/16', '10.0.0.1/32'];
    const wide = ['::/0', '2001:db8::/32', '2001:db8::7/128'];
    const none = ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '999.0.0.0/8', '10.0.0/8', '::1', '::/129', ':::/1', '/8'];
    expect(taken(IPV4_RANGE, [...ranges, ...wide, ...none])).toEqual(ranges);
    expect(taken(RANGE, [...ranges, ...wide, ...none])).toEqual([...ranges, ...wide]);
  });

  it('agree with the rules of Node', () => {
    const part = fc.constantFrom('0', '1', '12', 'ff', 'ABCD', '12345', '255', '256', '01', '1.2.3.4', '');
    const joined = (by: string, most: number) => fc.array(part, { maxLength: most }).map((parts) => parts.join(by));
    const texts = fc.oneof(
      joined(':', 9),
      joined('.', 5),
      fc.tuple(joined(':', 8), joined(':', 8)).map((two) => two.join('::')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect([text, IPV4.pattern.test(text), IPV6.pattern.test(text)]).toEqual([text, isIPv4(text), isIPv6(text)]);
      }),
      { numRuns: 5000 },
    );
  });

  it('tell what is meant as an address from names', () => {
    const names = ['lb.example.com', 'harbor', '10.example.com', '1a', 'a.b1', 'lb.example.com.'];
    const addresses = [...V4, ...V6, '999.1.1.1', '10.0.0', '7', 'fe80::1%eth0'];
    expect([...names, ...addresses].filter(looksLikeAddress)).toEqual(addresses);
  });
});
