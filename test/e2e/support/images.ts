import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Architecture, staticProgram } from './program';

export const MEDIA = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

/** `docker`: Docker v2 schema 2; `oci`: an OCI image; `index`: an OCI index of amd64 and arm64. */
export type ImageKind = 'docker' | 'oci' | 'index';

export interface ImageSpec {
  readonly kind: ImageKind;
  /** Sizes in bytes of layers of random data, beside the small one with the program. @default one of 64 KiB */
  readonly layers?: readonly number[];
}

/** An image on this machine, as an OCI layout. Random, so that nobody has any of its blobs before it is pushed. */
export interface TestImage {
  readonly kind: ImageKind;
  readonly layout: string;
  /** Bytes of config and layers one node pulls: what a registry sends for it at least. */
  readonly pullBytes: number;
  /** Digests of these blobs. */
  readonly blobs: readonly string[];
  /** Digests of the blobs of every platform: what Kraken fetches when it is told of the push. */
  readonly everyBlob: readonly string[];
  remove(): void;
}

export const MIB = 1024 * 1024;

/**
 * The image of the traffic tests: 200 MB in layers as images have them. Kraken may fetch one of them twice, when it is asked for it in the very moment in
 * which a fetch ends: on a machine whose processors are busy that is no rare thing, and of four layers one was a quarter.
 */
export const LARGE: ImageSpec = { kind: 'oci', layers: Array.from({ length: 20 }, () => 10 * MIB) };

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Writes a new image; every call gives one of its own. */
export const makeImage = (spec: ImageSpec): TestImage => {
  const layout = mkdtempSync(join(tmpdir(), 'harbor-fleet-image-'));
  const blobs = join(layout, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const store = (mediaType: string, content: Buffer): Descriptor => {
    const digest = sha256(content);
    writeFileSync(join(blobs, digest.slice('sha256:'.length)), content);
    return { mediaType, digest, size: content.length };
  };
  const storeJson = (mediaType: string, value: object) => store(mediaType, Buffer.from(JSON.stringify(value)));

  const platform = (architecture: Architecture) => {
    const tars = [
      // The seed makes even this layer new, or a node would have it from the image before.
      tar({ pause: staticProgram(architecture), seed: randomBytes(32) }),
      ...(spec.layers ?? [64 * 1024]).map((size, index) => tar({ [`data-${index}`]: randomBytes(size) })),
    ];
    // Gzip without compression: what is random does not shrink, and skopeo leaves gzip layers as they are.
    const layers = tars.map((content) => store(MEDIA.layer, gzipSync(content, { level: 0 })));
    const config = storeJson(MEDIA.config, {
      architecture,
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: { Entrypoint: ['/pause'], User: '65532:65532' },
      rootfs: { type: 'layers', diff_ids: tars.map(sha256) },
    });
    const manifest = storeJson(MEDIA.manifest, { schemaVersion: 2, mediaType: MEDIA.manifest, config, layers });
    return { architecture, parts: [config, ...layers], manifest };
  };

  const native = platform('amd64');
  const platforms = spec.kind === 'index' ? [native, platform('arm64')] : [native];
  const top =
    spec.kind === 'index'
      ? storeJson(MEDIA.index, {
          schemaVersion: 2,
          mediaType: MEDIA.index,
          manifests: platforms.map(({ manifest, architecture }) => ({
            ...manifest,
            platform: { architecture, os: 'linux' },
          })),
        })
      : native.manifest;
  writeFileSync(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [top] }));
  return {
    kind: spec.kind,
    layout,
    pullBytes: native.parts.reduce((sum, part) => sum + part.size, 0),
    blobs: native.parts.map((part) => part.digest),
    everyBlob: platforms.flatMap(({ parts }) => parts.map((part) => part.digest)),
    remove: () => rmSync(layout, { recursive: true, force: true }),
  };
};

const sha256 = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** A tar archive of executable files with short names and no time stamps. */
const tar = (files: Readonly<Record<string, Buffer>>): Buffer => {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000755\0', 100);
    header.write('0000000\0'.repeat(2), 108); // owner and group
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write(' '.repeat(8), 148); // the checksum counts itself as blanks
    header.write('0', 156); // a regular file
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
};
