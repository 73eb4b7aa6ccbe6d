import { PROJECT_NAME } from './names.js';
import { PROJECT_DETAILS } from './project-settings.js';
import { checkText, isLate, nearest, type Reader } from './reader.js';
import { checkSteps } from './replication-graph.js';
import type { ProjectDetailsProps } from './settings-props.js';

/** A Harbor project and how its images travel. All but the first six settings need `settings`, even empty. */
export interface ProjectProps extends ProjectDetailsProps {
  /** Anyone may pull without logging in. @default false */
  readonly public?: boolean;
  /** Region where it is pushed. @default - the only region; required with several */
  readonly home?: string;
  /**
   * More regions where it is pushed. They and the home send to each other, and the home to all others. A tag that is pushed to two of
   * them at once may differ for a while: when all is compared, by `replication.schedule`, it becomes what it is in the home. @default - none
   */
  readonly primaries?: readonly string[];
  /**
   * Regions, or `registries`, that receive its images from the home, or `all` regions; as a map, who sends to whom, for regions that
   * hand on what they got: `{ virginia: ['paris'], paris: ['lyon'] }`. Each costs the traffic to it, and its storage. @default - none
   */
  readonly replicateTo?: readonly string[] | 'all' | Readonly<Record<string, readonly string[]>>;
  /** Peers may serve its images. Whoever reaches an agent's port then pulls without Harbor asking who it is. @default true, false for a confidential project */
  readonly peerToPeer?: boolean;
  /** Its images must only be handed out by Harbor itself, which asks who pulls, keeps an audit log and applies its gates. @default false */
  readonly confidential?: boolean;
}

/** A project as planned. */
export interface ProjectPlan {
  readonly name: string;
  readonly public: boolean;
  readonly home: string;
  /** Every region that receives its images, from wherever. */
  readonly replicateTo: readonly string[];
  /** More regions where it is pushed; nothing without any. */
  readonly primaries?: readonly string[];
  /** Who sends to whom, where not all comes from the home. */
  readonly via?: Readonly<Record<string, readonly string[]>>;
  /** Registries outside that the home sends to; nothing without any. */
  readonly registries?: readonly string[];
  readonly peerToPeer: boolean;
  readonly confidential: boolean;
}

/**
 * Reads the projects of a topology. Without any there is Harbor's own `library`, pushed in the first region and
 * replicated to all others.
 */
export function readProjects(topology: Reader, regions: readonly string[]): readonly ProjectPlan[] {
  if (!topology.has('projects')) return regions.length > 0 ? [library(regions)] : [];
  const registries = topology.entries('registries').map(([name]) => name);
  return topology.entries('projects').map(([name, project]) => {
    checkText(name, PROJECT_NAME, project.path, project.issues);
    return readProject(name, project, { regions, registries });
  });
}

const library = ([home = '', ...others]: readonly string[]): ProjectPlan => ({
  name: 'library',
  public: true,
  home,
  replicateTo: others,
  peerToPeer: true,
  confidential: false,
});

/** Names of the projects that a region's peers may serve: those whose images its Harbor has. */
export const peerToPeerProjects = (projects: readonly ProjectPlan[], region: string): readonly string[] =>
  projects.filter((project) => project.peerToPeer && isIn(project, region)).map((project) => project.name);

/** Where a project may be pushed. */
export const isPushedIn = (project: ProjectPlan, region: string): boolean =>
  project.home === region || (project.primaries?.includes(region) ?? false);

/** Whether a region's Harbor has the images of a project. */
export const isIn = (project: ProjectPlan, region: string): boolean =>
  project.home === region || project.replicateTo.includes(region);

/** What a project may name as a place of its images. */
interface Places {
  readonly regions: readonly string[];
  readonly registries: readonly string[];
}

function readProject(name: string, project: Reader, places: Places): ProjectPlan {
  project.only('public', 'home', 'primaries', 'replicateTo', 'peerToPeer', 'confidential', ...PROJECT_DETAILS);
  const { regions } = places;
  const home = readHome(project, regions);
  const primaries = readPrimaries(project, home, regions);
  const isPublic = project.flag('public') ?? false;
  const confidential = project.flag('confidential') ?? false;
  const peerToPeer = project.flag('peerToPeer') ?? !confidential;
  if (confidential && isPublic) {
    project.issues.error(
      project.at('public'),
      'cannot be true for a confidential project',
      true,
      'public or confidential, not both',
      'remove one of them',
    );
  }
  if (confidential && peerToPeer) {
    project.issues.error(
      project.at('peerToPeer'),
      'cannot be true for a confidential project: agents ask nobody who they are',
      true,
      'false',
      'remove peerToPeer, or confidential',
    );
  }
  return { name, public: isPublic, home, ...readTargets(project, home, primaries, places), peerToPeer, confidential };
}

function readPrimaries(project: Reader, home: string, regions: readonly string[]): readonly string[] {
  const primaries = project.texts('primaries') ?? [];
  checkPlaces(project, 'primaries', primaries, home, regions);
  return primaries;
}

function readHome(project: Reader, regions: readonly string[]): string {
  const home = project.text('home');
  if (home !== undefined) {
    checkRegion(home, project.at('home'), project, regions);
    return home;
  }
  const [only, ...others] = regions;
  if (others.length > 0 && !project.has('home')) project.missing('home', `one of ${regions.join(', ')}`);
  return only ?? '';
}

type Targets = Pick<ProjectPlan, 'replicateTo' | 'primaries' | 'via' | 'registries'>;

function readTargets(project: Reader, home: string, primaries: readonly string[], places: Places): Targets {
  const { regions, registries } = places;
  const given = project.raw('replicateTo');
  const more = primaries.length === 0 ? {} : { primaries };
  if (given === 'all') return { replicateTo: regions.filter((region) => region !== home), ...more };
  if (given !== null && typeof given === 'object' && !Array.isArray(given)) {
    const via = readVia(project, home, regions);
    checkSteps(project, home, primaries, via);
    const reached = new Set([...primaries, ...Object.values(via).flat()]);
    return { replicateTo: regions.filter((region) => region !== home && reached.has(region)), ...more, via };
  }
  const targets = project.texts('replicateTo') ?? [];
  checkPlaces(project, 'replicateTo', targets, home, [...regions, ...registries]);
  const outside = targets.filter((target) => registries.includes(target) && !regions.includes(target));
  const inside = targets.filter((target) => !outside.includes(target));
  return {
    replicateTo: [...inside, ...primaries.filter((region) => !inside.includes(region))],
    ...more,
    ...(outside.length === 0 ? {} : { registries: outside }),
  };
}

function readVia(project: Reader, home: string, regions: readonly string[]): NonNullable<ProjectPlan['via']> {
  const map = project.child('replicateTo');
  const names = project.names('replicateTo');
  for (const name of names) checkRegion(name, map.at(name), project, regions);
  return Object.fromEntries(
    names.map((name) => {
      const targets = map.texts(name) ?? [];
      checkPlaces(map, name, targets, name === home ? home : '', regions);
      return [name, targets];
    }),
  );
}

/** Records what is no place, is the home, or stands there twice. */
function checkPlaces(
  reader: Reader,
  key: string,
  targets: readonly string[],
  home: string,
  known: readonly string[],
): void {
  for (const [i, target] of targets.entries()) {
    const path = `${reader.at(key)}[${i}]`;
    const allowed = 'each region but the home, once';
    if (target === home) {
      reader.issues.error(path, 'is the home of the project', target, allowed, 'remove it');
    } else if (targets.indexOf(target) < i) {
      reader.issues.error(path, 'is there twice', target, allowed, 'remove it');
    } else {
      checkRegion(target, path, reader, known);
    }
  }
}

function checkRegion(name: string, path: string, project: Reader, regions: readonly string[]): void {
  const allowed = regions.length > 0 ? `one of ${regions.join(', ')}` : 'a region';
  if (regions.includes(name) || isLate(name, path, allowed, project.issues)) return;
  const near = nearest(name, regions);
  project.issues.error(
    path,
    'is not a region of this topology',
    name,
    allowed,
    near === undefined ? `add the region "${name}", or name another` : `did you mean "${near}"?`,
  );
}
