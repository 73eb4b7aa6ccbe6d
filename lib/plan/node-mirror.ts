import type { CaSource } from './tls.js';

/** One place a node asks for an image, in order. */
export interface MirrorHost {
  /** Such as `http://127.0.0.1:16000` or `https://virginia.registry.example.com`. */
  readonly url: string;
  /** What it is, for the report: `agent`, `region virginia`. */
  readonly name: string;
  /** Whether it may answer which digest a tag is; an agent's answer may be five minutes old. */
  readonly resolve: boolean;
  readonly dialTimeout: string;
  /** Whether the topology's private CA signed its certificate. */
  readonly privateCa: boolean;
}

/** The node mirror of one region as planned. */
export interface NodeMirrorPlan {
  readonly kind: 'NodeMirror';
  readonly instance: string;
  readonly namespace: string;
  readonly image: string;
  readonly domain: string;
  /** The last resort, asked when no host answers. */
  readonly server: string;
  readonly hosts: readonly MirrorHost[];
  readonly ca: CaSource;
  /** Folder of containerd's host configuration on the node. */
  readonly configPath: string;
}
