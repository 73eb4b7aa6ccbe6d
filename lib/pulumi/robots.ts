import { type Output, secret } from '@pulumi/pulumi';
import type { HarborPlan } from '../plan/harbor.js';
import { generationName } from '../plan/robots.js';
import type { SecretKeyRef } from '../plan/secrets.js';
import { asOutput } from './runtime.js';
import type { SecretValues } from './secret-values.js';

/** How a client, such as a CI system, logs in to a Harbor as a robot. */
export interface RobotLogin {
  /** With Harbor's prefix, and of the newest generation: `robot$ci`. */
  readonly username: Output<string>;
  /** The key of the Secret with its password, for those in the same cluster. */
  readonly passwordSecret: SecretKeyRef;
  /** Secret. */
  readonly password: Output<string>;
}

/** The settings of robots by name, as far as they say which one a client uses. */
export type AskedRobots = Readonly<Record<string, { readonly generation?: number }>>;

/** The robots that a user asked for, by name, as far as a Harbor has them. */
export function robotLogins(
  { settings }: HarborPlan,
  asked: AskedRobots = {},
  values: SecretValues,
): Readonly<Record<string, RobotLogin>> {
  return Object.fromEntries(
    Object.entries(asked).flatMap(([name, { generation = 1 }]) => {
      const robot = settings?.robots.find((one) => one.name === generationName(name, generation));
      if (settings === undefined || robot === undefined) return [];
      const username = asOutput(`${settings.robotPrefix}${robot.name}`);
      const password = secret(values.value(robot.password));
      return [[name, { username, passwordSecret: robot.password, password }] as const];
    }),
  );
}
