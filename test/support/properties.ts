import fc from 'fast-check';

/** Properties draw the same cases in every run, so that only a change makes them fail; other cases: `PROPERTY_SEED=7 npm test`. */
export const SEED = Number(process.env.PROPERTY_SEED ?? 1);

fc.configureGlobal({ seed: SEED });

export default fc;
