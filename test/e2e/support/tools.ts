import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, type LabCluster } from './lab';
import { available, run } from './process';

/** Programs the tests need and may install: `skopeo` pushes images, and no npm package does what it does. */
export const ensureTools = async (): Promise<void> => {
  if (await available('skopeo')) return;
  if (!(await available('apt-get')) || process.getuid?.() !== 0)
    throw new Error('skopeo is missing: install it with the package manager of this machine');
  const lock = ['-o', 'DPkg::Lock::Timeout=180', '-qq'];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', [...lock, 'update'], { timeoutMs: 300_000, env });
  await run('apt-get', [...lock, 'install', '-y', '--no-install-recommends', 'skopeo'], { timeoutMs: 300_000, env });
};

/** The static `crane` of one version, built from its Go module once. */
export const buildCrane = async (version: string): Promise<string> => {
  const folder = join(CACHE, `crane-${version}`);
  const program = join(folder, 'crane');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  await run(
    'go',
    ['install', '-trimpath', '-ldflags=-s -w', `github.com/google/go-containerregistry/cmd/crane@${version}`],
    { timeoutMs: 600_000, env: { CGO_ENABLED: '0', GOBIN: folder, GOFLAGS: '' } },
  );
  return program;
};

/**
 * Loads a look-alike of crane's own image under the reference the manifests name, such as
 * `gcr.io/go-containerregistry/crane:v0.22.1`: same entrypoint, same unprivileged user.
 */
export const loadCrane = async (lab: LabCluster, reference: string): Promise<void> => {
  const version = /:(v\d+\.\d+\.\d+)(?:@.*)?$/.exec(reference)?.[1];
  if (!version) throw new Error(`${reference}: expected a tag such as v0.22.1, which is the version to build`);
  const files = { '/ko-app/crane': await buildCrane(version) };
  await lab.loadProgram(reference, { entrypoint: '/ko-app/crane', user: '65532', files });
};
