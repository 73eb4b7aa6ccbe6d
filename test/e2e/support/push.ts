import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestImage } from './images';
import { run, sleep } from './process';
import { openTunnel } from './tunnel';

export interface RegistryLogin {
  /** The name the certificate is for, and the first part of every image reference. */
  readonly domain: string;
  /** Where that name leads: a load balancer, or a forwarded port. */
  readonly address: string;
  /** @default 443 */
  readonly port?: number;
  /** PEM of the private CA; left out when the certificate is one every machine trusts. */
  readonly ca?: string;
  readonly user: string;
  readonly password: string;
}

/** Pushes as `<domain>/<repository>:<tag>` and gives the digest the registry knows it by. */
export const push = async (image: TestImage, login: RegistryLogin, repository: string, tag: string): Promise<string> =>
  withSkopeo(login, async (folder, skopeo) => {
    const digest = join(folder, 'digest');
    const format = image.kind === 'docker' ? ['--format', 'v2s2'] : ['--all'];
    const target = `docker://${login.domain}/${repository}:${tag}`;
    const options = [...format, '--digestfile', digest, '--dest-cert-dir', folder];
    await skopeo(['copy', ...options, `oci:${image.layout}`, target], 300_000);
    return readFileSync(digest, 'utf8').trim();
  });

/**
 * Pushes as docker does, which begins an upload that was cut up to five times again, each time after five seconds more: a pod that is lost
 * while it has one in hand answers it with a 502.
 */
export const pushAgain = async (...given: Parameters<typeof push>): Promise<string> => {
  for (let tries = 1; ; tries++) {
    try {
      return await push(...given);
    } catch (error) {
      if (tries > 5) throw error;
      await sleep(tries * 5_000);
    }
  }
};

type Skopeo = (args: readonly string[], timeoutMs: number) => Promise<string>;

/** The password travels in a file, for everyone on a machine can read a command line. */
const withSkopeo = async <T>(login: RegistryLogin, use: (folder: string, skopeo: Skopeo) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-push-'));
  const tunnel = await openTunnel(login.domain, login.address, login.port);
  try {
    const auth = join(folder, 'auth.json');
    const token = Buffer.from(`${login.user}:${login.password}`).toString('base64');
    writeFileSync(auth, JSON.stringify({ auths: { [login.domain]: { auth: token } } }), { mode: 0o600 });
    if (login.ca) writeFileSync(join(folder, 'ca.crt'), login.ca);
    return await use(folder, ([command = '', ...args], timeoutMs) =>
      run('skopeo', ['--insecure-policy', command, '--authfile', auth, ...args], { timeoutMs, env: tunnel.env }),
    );
  } finally {
    tunnel.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
