import { realpathSync } from 'node:fs';
import type { TestCluster } from './cluster';
import { withLibraries } from './shared-libraries';

/** The image that brings settings about. */
export const NODE_IMAGE = process.env.E2E_NODE_IMAGE ?? 'docker.io/library/node:22.12.0-alpine3.21';

/** This machine's own Node as that image, where no registry can be reached. */
export const loadNode = async ({ lab }: TestCluster): Promise<void> => {
  if (lab === undefined) return;
  const entrypoint = '/usr/local/bin/node';
  const files = await withLibraries(entrypoint, realpathSync(process.execPath));
  await lab.loadProgram(NODE_IMAGE, { entrypoint, user: '1000', files });
};
