import { all, type ComponentResource, type Input, type Output, output, secret } from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';
import type { TunnelKey } from '../plan/network/links.js';
import type { TopologyPlan } from '../plan/plan.js';
import { suffix } from './authority.js';
import { lateMistake } from './errors.js';
import type { SharedValues } from './secret-values.js';

/** Values that are the same in all regions, such as the password of a robot that pulls everywhere. */
export interface Shared {
  readonly value: SharedValues;
  /** The pre-shared key of a tunnel, which both its ends have. */
  readonly keyOf: (key: TunnelKey) => Output<string>;
  /** All of them by name, for the topology's other stacks; secret. */
  readonly all: Output<Readonly<Record<string, string>>>;
}

/** The shared values of a topology: those of another stack, or made here and kept. */
export function sharedValues(
  parent: ComponentResource,
  name: string,
  plan: TopologyPlan,
  given: Input<Readonly<Record<string, Input<string>>>> | undefined,
): Shared {
  const known = new Map<string, Output<string>>();
  const kept = (key: string, made: (logicalName: string) => Output<string>): Output<string> => {
    const found = known.get(key) ?? (given === undefined ? made(`${name}/shared/${key}`) : take(given, key));
    known.set(key, found);
    return found;
  };
  const value: SharedValues = (key, length) => kept(key, (logicalName) => password(parent, logicalName, length));
  // AWS takes none that begins with 0.
  const keyOf = ({ name: tunnel, generation }: TunnelKey): Output<string> =>
    kept(`tunnels/${tunnel}${suffix(generation)}`, (logicalName) =>
      password(parent, logicalName, 47).apply((rest) => `K${rest}`),
    );
  for (const spec of plan.regions.flatMap(({ secrets }) => secrets.flatMap(({ keys }) => Object.values(keys)))) {
    if (spec.kind === 'shared') value(spec.name, spec.length);
  }
  for (const { key } of plan.links.flatMap(({ tunnels }) => tunnels)) keyOf(key);
  return { value, keyOf, all: secret(all(Object.fromEntries(known))) };
}

const password = (parent: ComponentResource, name: string, length: number): Output<string> =>
  new RandomPassword(name, { length, special: false, minUpper: 1, minLower: 1, minNumeric: 1 }, { parent }).result;

const take = (given: Input<Readonly<Record<string, Input<string>>>>, key: string): Output<string> =>
  secret(
    output(given).apply((values) => {
      const value = (values as Readonly<Record<string, string>>)[key];
      if (value === undefined)
        throw lateMistake(`sharedSecrets: has no ${key}: update the stack that makes them first`);
      return value;
    }),
  );
