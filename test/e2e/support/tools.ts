import { join } from 'node:path';
import { cached, type LabCluster } from './lab';
import { ensurePrograms } from './packages';
import { run } from './process';

/** What pushes images: no npm package does what it does. */
export const ensureTools = (): Promise<void> => ensurePrograms({ skopeo: 'skopeo' });

/** The static `crane` of one version, built from its Go module once. */
export const buildCrane = async (version: string): Promise<string> => {
  const folder = await cached(`crane-${version}`, (path) =>
    run(
      'go',
      ['install', '-trimpath', '-ldflags=-s -w', `github.com/google/go-containerregistry/cmd/crane@${version}`],
      {
        timeoutMs: 600_000,
        env: { CGO_ENABLED: '0', GOBIN: path, GOFLAGS: '' },
      },
    ),
  );
  return join(folder, 'crane');
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
