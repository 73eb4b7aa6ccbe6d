import { planAny } from '../plan/network/any-topology';
import { SEED } from '../support/properties';

it('plans or refuses ten thousand topologies, and crashes with none', () => {
  const { planned, refused } = planAny(10_000, SEED + 1);
  console.log(`${planned} topologies planned, ${refused} refused`);
  expect(Math.min(planned, refused)).toBeGreaterThan(1000);
});
