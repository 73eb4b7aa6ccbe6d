import { planAny } from './any-topology';

it('is planned so that its tunnels mirror each other, or told every mistake with its path; it never crashes', () => {
  // The end-to-end tests look further, from another seed.
  const { planned, refused } = planAny(800);
  expect(Math.min(planned, refused)).toBeGreaterThan(50);
});
