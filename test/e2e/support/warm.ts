import type { TestImage } from './images';
import type { Kubectl } from './kubectl';
import { eventually } from './process';

/** Waits until Kraken's origins hold an image of all platforms: Harbor told Kraken of it, and Kraken fetched it. */
export const untilWarm = (
  kubectl: Kubectl,
  { everyBlob }: Pick<TestImage, 'everyBlob'>,
  timeoutMs?: number,
): Promise<boolean> =>
  eventually(
    async () => {
      for (const { metadata } of await kubectl.pods('kraken', 'app.kubernetes.io/component=origin')) {
        const list = ['ls', '-R', '/var/cache/kraken/cache'];
        const stored = await kubectl.exec('kraken', metadata?.name ?? '', 'origin', list);
        if (everyBlob.every((blob) => stored.includes(blob.slice('sha256:'.length)))) return true;
      }
      return undefined;
    },
    { what: 'origins to hold what was pushed', timeoutMs },
  );
