import { derive } from './deferred.js';
import type { HarborPlan } from './harbor.js';
import { DNS_LABEL } from './names.js';
import { isIn, isPushedIn, type ProjectPlan } from './projects.js';
import { nearest, type Reader, type TextRule } from './reader.js';
import type { SecretPlan, SecretValue } from './secrets.js';
import type { AccessPlan, RobotPlan } from './settings.js';
import { checkName } from './system-settings.js';

/** Where the passwords of a Harbor's robots are: a key for each, called like the robot. */
export const robotsSecret = ({ instance }: Pick<HarborPlan, 'instance'>): string => `${instance}-robots`;

/** A robot with the value of its password. */
export interface PlannedRobot {
  readonly plan: RobotPlan;
  readonly value: SecretValue;
}

/** The robots of one Harbor, and the pull Secrets made of them. */
export interface RobotsPlan {
  readonly robots: readonly PlannedRobot[];
  readonly pullSecrets: readonly SecretPlan[];
}

/** What a robot is made for. */
export interface RobotSpec {
  readonly name: string;
  readonly permissions: RobotPlan['permissions'];
  readonly system?: RobotPlan['system'];
  /** What all copies of its password are called: the same text is the same password, in every region. */
  readonly passwordName: string;
  readonly generation: number;
  /** Whether the generation before still counts. */
  readonly previous: boolean;
}

const PULL: AccessPlan = { resource: 'repository', action: 'pull' };
const PUSH: AccessPlan = { resource: 'repository', action: 'push' };

/**
 * What each use needs, and no more, as tried with a real Harbor: a push asks for pull too, and copies need no more than a push where
 * the project is there already. Artifacts are deleted by the registry's API (`repository`), tags by Harbor's.
 */
export const ACCESS: Readonly<Record<'pull' | 'push' | 'replicate' | 'replicateWithDeletion', readonly AccessPlan[]>> =
  {
    pull: [PULL],
    push: [PULL, PUSH],
    replicate: [PULL, PUSH],
    replicateWithDeletion: [
      PULL,
      PUSH,
      { resource: 'repository', action: 'delete' },
      { resource: 'tag', action: 'delete' },
    ],
  };

/** What it takes to measure replication: the lists of policies and of their executions. */
const MEASURE: readonly AccessPlan[] = [
  { resource: 'replication', action: 'list' },
  { resource: 'replication-policy', action: 'list' },
];

/** Characters of a robot's password: Harbor takes 8 to 128. */
export const PASSWORD_LENGTH = 32;

/** The name of a generation: the first has the plain name. */
export const generationName = (name: string, generation: number): string =>
  generation === 1 ? name : `${name}-${generation}`;

/** A robot in each of its generations that count, the newest first. */
export function robotGenerations(
  harbor: Pick<HarborPlan, 'instance' | 'namespace'>,
  spec: RobotSpec,
): readonly [PlannedRobot, ...PlannedRobot[]] {
  const { name, permissions, system, passwordName, generation, previous } = spec;
  const planned = (number: number): PlannedRobot => {
    const robot = generationName(name, number);
    return {
      plan: {
        name: robot,
        permissions,
        ...(system === undefined ? {} : { system }),
        password: { namespace: harbor.namespace, secret: robotsSecret(harbor), key: robot },
      },
      value: { kind: 'shared', name: generationName(passwordName, number), length: PASSWORD_LENGTH },
    };
  };
  return generation > 1 && previous ? [planned(generation), planned(generation - 1)] : [planned(generation)];
}

const ROBOT_NAME: TextRule = {
  pattern: /^[a-z0-9]+([._-][a-z0-9]+)*$/,
  allowed: 'small letters and digits with single ".", "_" or "-" between them, at most 40 characters',
  maxLength: 40,
};

/** Names of robots that are planned without being asked for. Their generation may be set all the same. */
const KRAKEN_ROBOT = 'kraken';
const METRICS_ROBOT = 'metrics';
export const replicationRobot = (from: string): string => `from-${from}`;

/** What names of passwords end with: regions of one topology share them, a Harbor that stands alone and a tenant have their own. */
export const ownersName = (instance: string, alone: boolean): string => (alone ? ` of Harbor ${instance}` : '');

interface RobotContext {
  readonly harbor: Pick<HarborPlan, 'instance' | 'namespace' | 'domain' | 'aliases' | 'url'>;
  readonly region: string;
  readonly regions: readonly string[];
  /** All projects, also those of other regions. */
  readonly projects: readonly ProjectPlan[];
  readonly robotPrefix: string;
  /** What tells passwords of this Harbor from those of the regions' own, such as a tenant's; see `ownersName`. */
  readonly owner: string;
  /** Whether a Kraken reads this Harbor. */
  readonly kraken: boolean;
  /** Whether replication is measured. */
  readonly measured: boolean;
}

/** Which generation of a robot counts, as the user says. */
export function readGeneration(robots: Reader, name: string): Pick<RobotSpec, 'generation' | 'previous'> {
  const robot = robots.child(name);
  const generation = robot.count('generation', 1, 10_000) ?? 1;
  return { generation, previous: robot.flag('previous') ?? true };
}

/** Reads the robots that the user asks for, and adds Kraken's and that of the metrics. */
export function readRobots(reader: Reader, context: RobotContext): RobotsPlan {
  const { harbor, region, regions, projects, owner, kraken, measured, robotPrefix } = context;
  const reserved = [KRAKEN_ROBOT, METRICS_ROBOT, ...regions.map(replicationRobot)];
  const all = reader.child('robots');
  const own = reader.entries('robots').flatMap(([name, robot]) => {
    checkName(name, ROBOT_NAME, robot);
    const generation = readGeneration(all, name);
    if (reserved.includes(name)) {
      robot.only('generation', 'previous');
      return [];
    }
    robot.only('pull', 'push', 'namespaces', 'generation', 'previous');
    if (/-\d+$/.test(name)) {
      robot.issues.error(
        robot.path,
        'ends as a later generation of a robot does',
        name,
        'a name that does not end in "-" and a number',
        'choose another name',
      );
    }
    const pull = readProjectNames(robot, 'pull', projects);
    const push = readProjectNames(robot, 'push', projects);
    if (pull.length === 0 && push.length === 0) robot.missing('pull', 'projects that it may pull or push');
    const permissions = projects
      .filter((project) => isIn(project, region))
      .flatMap(({ name: project }): RobotPlan['permissions'] => {
        const mayPush =
          push.includes(project) && projects.some((one) => one.name === project && isPushedIn(one, region));
        if (mayPush) return [{ project, access: ACCESS.push }];
        return pull.includes(project) || push.includes(project) ? [{ project, access: ACCESS.pull }] : [];
      });
    const namespaces = robot.texts('namespaces', DNS_LABEL) ?? [];
    if (permissions.length === 0) return [];
    return [{ spec: { name, permissions, passwordName: `robot ${name}${owner}`, ...generation }, namespaces }];
  });
  const pulled = projects.filter((project) => project.peerToPeer && isIn(project, region));
  const krakens: RobotSpec[] =
    kraken && pulled.length > 0
      ? [
          {
            name: KRAKEN_ROBOT,
            permissions: pulled.map(({ name }) => ({ project: name, access: ACCESS.pull })),
            passwordName: `robot ${KRAKEN_ROBOT}${owner || ` of ${region}`}`,
            ...readGeneration(all, KRAKEN_ROBOT),
          },
        ]
      : [];
  const metrics: RobotSpec[] = measured
    ? [
        {
          name: METRICS_ROBOT,
          permissions: [],
          system: MEASURE,
          passwordName: `robot ${METRICS_ROBOT}${owner || ` of ${region}`}`,
          ...readGeneration(all, METRICS_ROBOT),
        },
      ]
    : [];
  return {
    robots: [...own.map(({ spec }) => spec), ...krakens, ...metrics].flatMap((spec) => robotGenerations(harbor, spec)),
    pullSecrets: own.flatMap(({ spec, namespaces }) =>
      namespaces.map((namespace) => pullSecret(harbor, namespace, spec, robotPrefix)),
    ),
  };
}

/** Reads names of projects, or `all`. */
function readProjectNames(robot: Reader, key: string, projects: readonly ProjectPlan[]): readonly string[] {
  const known = projects.map(({ name }) => name);
  if (robot.raw(key) === 'all') return known;
  const names = robot.texts(key) ?? [];
  for (const [i, name] of names.entries()) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const fix = near === undefined ? `add the project "${name}", or name another` : `did you mean "${near}"?`;
    robot.issues.error(
      `${robot.at(key)}[${i}]`,
      'is not a planned project',
      name,
      known.join(', ') || 'a project',
      fix,
    );
  }
  return names;
}

/** What the kubelet pulls with, by every name of this Harbor. */
function pullSecret(
  harbor: RobotContext['harbor'],
  namespace: string,
  spec: RobotSpec,
  robotPrefix: string,
): SecretPlan {
  const [newest, older] = robotGenerations(harbor, spec);
  const account = ({ plan: { name, password } }: PlannedRobot) => ({
    username: `${robotPrefix}${name}`,
    passwordOf: password,
  });
  const port = derive(harbor.url, (url) => /:\d+$/.exec(url)?.[0] ?? '');
  return {
    namespace,
    name: `${harbor.instance}-pull-${spec.name}`,
    objectKind: 'Secret',
    type: 'kubernetes.io/dockerconfigjson',
    keys: {
      '.dockerconfigjson': {
        kind: 'dockerConfig',
        hosts: [harbor.domain, ...harbor.aliases].map((host) => `${host}${port}`),
        ...account(newest),
        // The Secret changes before Harbor knows the new generation.
        ...(older === undefined ? {} : { previous: account(older) }),
      },
    },
    source: 'generated',
    keep: false,
    // The kubelet reads it, at each pull anew: no pod rolls when it changes.
    readers: [],
  };
}
