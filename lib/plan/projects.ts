import { PROJECT_NAME } from './names.js';
import { checkText, isLate, nearest, type Reader } from './reader.js';

/** A Harbor project and how its images travel. */
export interface ProjectProps {
  /** Anyone may pull without logging in. @default false */
  readonly public?: boolean;
  /** Region where it is pushed. @default - the only region; required with several */
  readonly home?: string;
  /** Regions that receive its images, or `all`. Each costs the traffic to it, and its storage. @default - none */
  readonly replicateTo?: readonly string[] | 'all';
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
  readonly replicateTo: readonly string[];
  readonly peerToPeer: boolean;
  readonly confidential: boolean;
}

/**
 * Reads the projects of a topology. Without any there is Harbor's own `library`, pushed in the first region and
 * replicated to all others.
 */
export function readProjects(topology: Reader, regions: readonly string[]): readonly ProjectPlan[] {
  if (!topology.has('projects')) return regions.length > 0 ? [library(regions)] : [];
  return topology.entries('projects').map(([name, project]) => {
    checkText(name, PROJECT_NAME, project.path, project.issues);
    return readProject(name, project, regions);
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

/** Whether a region's Harbor has the images of a project. */
export const isIn = (project: ProjectPlan, region: string): boolean =>
  project.home === region || project.replicateTo.includes(region);

function readProject(name: string, project: Reader, regions: readonly string[]): ProjectPlan {
  project.only('public', 'home', 'replicateTo', 'peerToPeer', 'confidential');
  const home = readHome(project, regions);
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
  return { name, public: isPublic, home, replicateTo: readTargets(project, home, regions), peerToPeer, confidential };
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

function readTargets(project: Reader, home: string, regions: readonly string[]): readonly string[] {
  if (project.raw('replicateTo') === 'all') return regions.filter((region) => region !== home);
  const targets = project.texts('replicateTo') ?? [];
  for (const [i, target] of targets.entries()) {
    const path = `${project.at('replicateTo')}[${i}]`;
    const allowed = 'each region but the home, once';
    if (target === home) {
      project.issues.error(path, 'is the home of the project', target, allowed, 'remove it');
    } else if (targets.indexOf(target) < i) {
      project.issues.error(path, 'is there twice', target, allowed, 'remove it');
    } else {
      checkRegion(target, path, project, regions);
    }
  }
  return targets;
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
