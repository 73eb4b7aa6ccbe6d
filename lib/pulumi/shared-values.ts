import { all, type ComponentResource, type Input, type Output, output, secret } from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';
import type { TunnelKey } from '../plan/network/links.js';
import type { TopologyPlan } from '../plan/plan.js';
import { isShared } from '../plan/secrets.js';
import { MOVED, rsaKey } from './authority.js';
import { lateMistake } from './errors.js';
import type { SharedValues } from './secret-values.js';

/** Values that are the same in several regions, such as the password of a robot that pulls everywhere. */
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
  const value: SharedValues = (spec) =>
    kept(spec.name, (logicalName) =>
      spec.kind === 'shared' ? password(parent, logicalName, spec.length) : rsaKey(parent, logicalName, MOVED),
    );
  const keyOf = (key: TunnelKey): Output<string> =>
    // AWS takes none that begins with 0.
    kept(keyName(key), (logicalName) => password(parent, logicalName, 47).apply((rest) => `K${rest}`));
  for (const spec of plan.regions.flatMap(({ secrets }) => secrets.flatMap(({ keys }) => Object.values(keys)))) {
    if (isShared(spec)) value(spec);
  }
  for (const { key } of plan.links.flatMap(({ tunnels }) => tunnels)) keyOf(key);
  return { value, keyOf, all: secret(all(Object.fromEntries(known))) };
}

/** Behind a "-" a generation would be the number of a tunnel: `a--b-1-2` is one of the link `a--b-1` too. */
const keyName = ({ name, generation }: TunnelKey): string =>
  `tunnels/${name}${generation === 1 ? '' : `/${generation}`}`;

const password = (parent: ComponentResource, name: string, length: number): Output<string> =>
  new RandomPassword(name, { length, special: false, minUpper: 1, minLower: 1, minNumeric: 1 }, { parent, ...MOVED })
    .result;

const take = (given: Input<Readonly<Record<string, Input<string>>>>, key: string): Output<string> =>
  secret(output(given).apply((values) => handedOver(values as Readonly<Record<string, string>>, key)));

/** One of the values that another stack handed over; of a stack without that output there is nothing at all. */
export function handedOver(values: Readonly<Record<string, string>> | undefined, key: string): string {
  const value = values?.[key];
  if (value === undefined) throw lateMistake(`sharedSecrets: has no ${key}: update the stack that makes them first`);
  return value;
}
