import { handedOver } from '../../lib/pulumi/shared-values';

describe('values of another stack', () => {
  const key = 'tunnels/virginia--iowa-1';

  it('are taken by their names', () => {
    expect(handedOver({ [key]: 'K1' }, key)).toBe('K1');
  });

  it.each<[string, Readonly<Record<string, string>> | undefined]>([
    ['has no outputs yet', undefined],
    ['is on an older commit', { 'robot ci': 'x' }],
  ])('tell what is missing where the stack %s, and what to update', (_, values) => {
    expect(() => handedOver(values, key)).toThrow(
      'sharedSecrets: has no tunnels/virginia--iowa-1: update the stack that makes them first',
    );
  });
});
