import { bitsPerSecond, bytes, millicores, milliseconds, shortest } from '../../lib/plan/quantities';

describe('quantities', () => {
  it.each([
    ['6144Mi', '6Gi'],
    ['1024Gi', '1Ti'],
    ['1.5Gi', '1536Mi'],
    ['100Ki', '100Ki'],
    ['0.5Ki', '512'],
    ['1000m', '1'],
    ['0.5', '500m'],
    ['2', '2'],
    ['late-value-tok-00000000-kot', 'late-value-tok-00000000-kot'],
  ])('%s is written %s', (quantity, expected) => expect(shortest(quantity)).toBe(expected));

  it.each([
    ['1Ki', 1024],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['2Ti', 2 ** 41],
    ['512Mi', 512 * 2 ** 20],
    ['10GB', Number.NaN],
    ['10', Number.NaN],
  ])('%s is %d bytes', (text, expected) => expect(bytes(text)).toBe(expected));

  it.each([
    ['500m', 500],
    ['2', 2000],
    ['0.5', 500],
    ['2 cores', Number.NaN],
  ])('%s is %d thousandths of a core', (text, expected) => expect(millicores(text)).toBe(expected));

  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['1d', Number.NaN],
    ['500', Number.NaN],
  ])('%s is %d milliseconds', (text, expected) => expect(milliseconds(text)).toBe(expected));

  it.each([
    ['100Mbit/s', 1e8],
    ['2.5Gbit/s', 2.5e9],
    ['100Mbps', Number.NaN],
  ])('%s is %d bits per second', (text, expected) => expect(bitsPerSecond(text)).toBe(expected));
});
