import { connectionsOf, memoryOf } from '../../../lib/cloud/aws/database-connections';
import fc from '../../support/properties';

describe('memoryOf', () => {
  it.each([
    ['db.t3.micro', 1],
    ['db.t4g.medium', 4],
    ['db.t4g.2xlarge', 32],
    ['db.m7g.large', 8],
    ['db.m6id.xlarge', 16],
    ['db.m7i.24xlarge', 384],
    ['db.r8g.large', 16],
    ['db.r6gd.16xlarge', 512],
  ])('of %s is %p GiB', (instanceClass, memory) => {
    expect(memoryOf(instanceClass)).toBe(memory);
  });

  it.each(['db.x2g.large', 'db.m7g.medium', 'db.m7g.huge', 'm7g.large', 'db.serverless', ''])(
    'of %p is not known',
    (one) => {
      expect(memoryOf(one)).toBeUndefined();
    },
  );
});

describe('connectionsOf', () => {
  it.each([
    ['db.t4g.micro', 101],
    ['db.t4g.medium', 405],
    ['db.m7g.large', 811],
    ['db.r8g.large', 1622],
    ['db.r8g.24xlarge', 5000],
  ])('of %s are %p', (instanceClass, connections) => {
    expect(connectionsOf(instanceClass)).toBe(connections);
  });

  it('never exceed the rule of RDS, and grow with the memory', () => {
    const sizes = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '16xlarge'];
    fc.assert(
      fc.property(fc.constantFrom('m7g', 'r8g', 't4g'), fc.nat(4), (family, i) => {
        const smaller = `db.${family}.${sizes[i]}`;
        const larger = `db.${family}.${sizes[i + 1]}`;
        const rule = Math.min(5000, ((memoryOf(smaller) ?? 0) * 2 ** 30) / 9_531_392);
        expect(connectionsOf(smaller)).toBeLessThanOrEqual(rule);
        expect(connectionsOf(larger)).toBeGreaterThanOrEqual(connectionsOf(smaller) ?? 0);
      }),
    );
  });
});
