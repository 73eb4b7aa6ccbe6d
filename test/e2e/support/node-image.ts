import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { TestCluster } from './cluster';

/** The image that brings settings about. */
export const NODE_IMAGE = process.env.E2E_NODE_IMAGE ?? 'docker.io/library/node:22.12.0-alpine3.21';

/** This machine's own Node as that image, where no registry can be reached. */
export const loadNode = async ({ lab }: TestCluster): Promise<void> => {
  if (lab === undefined) return;
  const node = realpathSync(process.execPath);
  const libraries = execFileSync('ldd', [node], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1] ?? []);
  await lab.loadProgram(NODE_IMAGE, {
    entrypoint: '/usr/local/bin/node',
    user: '1000',
    files: {
      '/usr/local/bin/node': node,
      ...Object.fromEntries(libraries.map((library) => [library, realpathSync(library)])),
    },
  });
};
