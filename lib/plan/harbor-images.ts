import type { HarborVersion } from './harbor.js';
import { IMAGE, OBJECT_NAME } from './names.js';
import type { Reader, TextRule } from './reader.js';

/** The programs of a Harbor, each an image of its own. */
export type HarborImage =
  | 'core'
  | 'portal'
  | 'jobservice'
  | 'registry'
  | 'registryctl'
  | 'exporter'
  | 'trivy'
  | 'nginx'
  | 'database'
  | 'redis';

/** Number of the user, and of the group, of all of Harbor's images but PostgreSQL's and Redis's. */
export const HARBOR_USER = 10_000;

/** Where images come from. */
export interface ImagesProps extends Readonly<Partial<Record<HarborImage, string>>> {
  /**
   * What stands before the names of Harbor's images, such as `mirror.example.com/goharbor`. It must not be the Harbor that
   * is being set up: it could never start. @default docker.io/goharbor
   */
  readonly prefix?: string;
  /**
   * Envoy 1.36 or later as `/usr/local/bin/envoy`, where `storage.addressing` is `virtualHosted`; not below `prefix`.
   * @default docker.io/envoyproxy/envoy:distroless-v1.40.0
   */
  readonly s3Gateway?: string;
  /** Names of Secrets with credentials of the registry that the images come from. @default - none */
  readonly pullSecrets?: readonly string[];
  /** Nodes that the images run on; upstream publishes amd64 only. `any` for images of your own for several. @default amd64 */
  readonly architecture?: 'amd64' | 'arm64' | 'any';
}

/** What a version of Harbor is made of. */
interface HarborRelease {
  /** Name of the image with the embedded Redis or Valkey: redis-photon ends with 2.15.1 (goharbor/harbor-helm#2403). */
  readonly redis: 'redis-photon' | 'valkey-photon';
  /** Major version of the embedded PostgreSQL, which upgrades its data at the first start. */
  readonly postgresql: 15 | 18;
}

/** Supported versions of Harbor. */
export const HARBOR_RELEASES: Readonly<Record<HarborVersion, HarborRelease>> = {
  '2.14.4': { redis: 'redis-photon', postgresql: 15 },
  '2.15.2': { redis: 'valkey-photon', postgresql: 18 },
};

export const HARBOR_VERSIONS = Object.keys(HARBOR_RELEASES) as HarborVersion[];
export const DEFAULT_HARBOR_VERSION: HarborVersion = '2.15.2';

/** Names of the images as upstream publishes them. */
const imageNames = (version: HarborVersion): Readonly<Record<HarborImage, string>> => ({
  core: 'harbor-core',
  portal: 'harbor-portal',
  jobservice: 'harbor-jobservice',
  registry: 'registry-photon',
  registryctl: 'harbor-registryctl',
  exporter: 'harbor-exporter',
  trivy: 'trivy-adapter-photon',
  nginx: 'nginx-photon',
  database: 'harbor-db',
  redis: HARBOR_RELEASES[version].redis,
});

const PREFIX: TextRule = {
  pattern: /^[a-z0-9][-a-zA-Z0-9.]*(:\d+)?(\/[-a-z0-9._]+)*$/,
  allowed: 'a registry with a path and without a "/" at the end, such as mirror.example.com/goharbor',
};

/** Reads where the image of the gateway to a bucket comes from, which is none of Harbor's. */
export const readGatewayImage = (reader: Reader, key: string): string =>
  reader.child(key).text('s3Gateway', IMAGE) ?? 'docker.io/envoyproxy/envoy:distroless-v1.40.0';

/** Images as planned. */
export interface ImagesPlan {
  readonly images: Readonly<Record<HarborImage, string>>;
  readonly imagePullSecrets: readonly string[];
  readonly architecture?: 'amd64' | 'arm64';
}

/** Reads where images come from. */
export function readImages(reader: Reader, key: string, version: HarborVersion): ImagesPlan {
  const names = imageNames(version);
  const programs = Object.keys(names) as HarborImage[];
  const images = reader.child(key).only('prefix', 'pullSecrets', 'architecture', 's3Gateway', ...programs);
  const prefix = images.text('prefix', PREFIX) ?? 'docker.io/goharbor';
  const architecture = images.choice('architecture', ['amd64', 'arm64', 'any'] as const) ?? 'amd64';
  return {
    images: Object.fromEntries(
      programs.map((program) => [program, images.text(program, IMAGE) ?? `${prefix}/${names[program]}:v${version}`]),
    ) as Record<HarborImage, string>,
    imagePullSecrets: images.texts('pullSecrets', OBJECT_NAME) ?? [],
    architecture: architecture === 'any' ? undefined : architecture,
  };
}
