import { createHash } from 'node:crypto';
import type { LabCluster } from './lab';
import { eventually } from './process';

/** What lies on the nodes' own disks. Only the lab's nodes can be entered, so elsewhere these checks are skipped. */
export class NodeDisks {
  constructor(private readonly lab: LabCluster) {}

  readFile(node: string, path: string): Promise<string> {
    return this.lab.exec(node, ['cat', path]);
  }

  /** Paths of the files below a folder of the node's own disk, sorted; none when the folder is missing. */
  async listFiles(node: string, folder: string): Promise<readonly string[]> {
    const find = 'test -d "$0" && find "$0" ! -type d || true';
    return (await this.lab.exec(node, ['sh', '-c', find, folder])).split('\n').filter(Boolean).sort();
  }

  /**
   * Makes a node forget an image with all its layers, so that its next pull is cold.
   *
   * Removing the name is not enough: the image also goes by its digest and by its config's, and a layer whose
   * snapshot a dying container still holds is not fetched again. So this waits until all is gone, or fails.
   */
  async forgetImage(image: string, nodes: readonly string[]): Promise<void> {
    await Promise.all(nodes.map((node) => this.forget(node, image)));
  }

  private async forget(node: string, image: string): Promise<void> {
    const ctr = (...args: readonly string[]) => this.lab.exec(node, ['ctr', '-n', 'k8s.io', ...args]);
    const names = async () =>
      (await ctr('images', 'ls'))
        .split('\n')
        .slice(1)
        .map((line) => line.split(/\s+/));
    const digest = (await names()).find(([name]) => name === image)?.[2];
    if (!digest) return;
    const content = async (of: string) => JSON.parse(await ctr('content', 'get', of)) as Content;
    const stored = new Set((await ctr('content', 'ls', '-q')).split('\n'));
    const top = await content(digest);
    const manifests = top.manifests ? top.manifests.map((it) => it.digest).filter((it) => stored.has(it)) : [digest];
    const gone = new Set([digest, ...manifests]);
    const snapshots = new Set<string>();
    for (const manifest of manifests) {
      const { config, layers = [] } = await content(manifest);
      for (const part of [config, ...layers]) if (part) gone.add(part.digest);
      if (config)
        for (const chain of chainIds((await content(config.digest)).rootfs?.diff_ids ?? [])) snapshots.add(chain);
    }
    await eventually(
      async () => {
        for (const [name = '', , of] of await names()) if (of === digest) await ctr('images', 'rm', '--sync', name);
        const kept = `${await ctr('content', 'ls', '-q')}\n${await ctr('snapshots', 'ls')}`.split(/\s+/);
        const left = kept.filter((it) => gone.has(it) || snapshots.has(it));
        if (left.length > 0) throw new Error(`still there: ${left.join(', ')}`);
        return true;
      },
      { what: `${node} to forget ${image}` },
    );
  }
}

interface Content {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
  readonly rootfs?: { readonly diff_ids: readonly string[] };
}

/** Names of the snapshots of a stack of layers, as the OCI image specification defines them. */
const chainIds = (diffIds: readonly string[]): readonly string[] => {
  const ids: string[] = [];
  for (const diff of diffIds) {
    const below = ids.at(-1);
    ids.push(below ? `sha256:${createHash('sha256').update(`${below} ${diff}`).digest('hex')}` : diff);
  }
  return ids;
};
