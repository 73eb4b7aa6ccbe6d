import { request } from 'node:https';
import { eventually } from './process';
import type { RegistryLogin } from './push';

export interface HarborHealth {
  readonly status: string;
  readonly components: readonly { readonly name: string; readonly status: string; readonly error?: string }[];
}

export interface Robot {
  readonly id: number;
  /** With Harbor's prefix, as a client logs in: `robot$ci`. */
  readonly name: string;
  readonly secret: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Any status but those a call expects, with what Harbor said. */
export class HarborError extends Error {
  constructor(
    readonly status: number,
    call: string,
    body: string,
  ) {
    super(`${call} answered ${status}: ${body.slice(0, 500)}`);
    this.name = 'HarborError';
  }
}

/**
 * Harbor's API under the registry's own name, whatever address leads there: the certificate is verified for the
 * name, as every user's client does, without DNS and without leaving verification out.
 */
export class HarborApi {
  constructor(readonly login: RegistryLogin) {}

  /** One request; `path` begins behind the host. Fails on 400 and above unless `allow` lists the status. */
  async call(method: string, path: string, body?: object, allow: readonly number[] = []): Promise<Answer> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 400 && !allow.includes(answer.status))
      throw new HarborError(answer.status, `${method} ${path}`, answer.body);
    return answer;
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse((await this.call('GET', path)).body) as T;
  }

  /** HTTP 200 even when Harbor is sick: read the components. */
  health(): Promise<HarborHealth> {
    return this.get('/api/v2.0/health');
  }

  /** Polls, because Harbor keeps the first, failed answer of a component for ten seconds. */
  async waitHealthy(timeoutMs = 180_000): Promise<HarborHealth> {
    return eventually(
      async () => {
        const health = await this.health();
        const sick = health.components.filter((it) => it.status !== 'healthy');
        if (sick.length > 0 || health.status !== 'healthy') throw new Error(JSON.stringify(sick));
        return health;
      },
      { what: 'all components of Harbor to be healthy', timeoutMs, intervalMs: 2_000 },
    );
  }

  /** Does nothing when the project is there. */
  async createProject(name: string, options: { readonly public: boolean }): Promise<void> {
    const metadata = { public: String(options.public) }; // strings only, or Harbor answers 422
    await this.call('POST', '/api/v2.0/projects', { project_name: name, metadata }, [409]);
  }

  /**
   * A robot of the whole Harbor that may act on repositories of some projects.
   * Harbor ignores a secret at creation, so the given one is set afterwards: 8 to 128 characters, upper and lower case and a digit.
   */
  async createRobot(
    name: string,
    secret: string,
    projects: readonly string[],
    actions: readonly ('pull' | 'push' | 'delete')[] = ['pull', 'push'],
  ): Promise<Robot> {
    const access = actions.map((action) => ({ resource: 'repository', action }));
    const permissions = projects.map((namespace) => ({ kind: 'project', namespace, access }));
    const created = await this.call('POST', '/api/v2.0/robots', { name, level: 'system', duration: -1, permissions });
    const robot = JSON.parse(created.body) as { id: number; name: string };
    await this.call('PATCH', `/api/v2.0/robots/${robot.id}`, { secret });
    return { id: robot.id, name: robot.name, secret };
  }

  /** A bearer token to pull a repository with, as clients ask for it. */
  async pullToken(repository: string): Promise<string> {
    const scope = encodeURIComponent(`repository:${repository}:pull`);
    const path = `/service/token?service=harbor-registry&scope=${scope}`;
    return (await this.get<{ readonly token: string }>(path)).token;
  }

  /** Status of a manifest, for whoever holds a token. */
  async manifestStatus(reference: string, token: string): Promise<number> {
    const [repository, tag] = reference.split(':');
    const headers = { authorization: `Bearer ${token}`, accept: 'application/vnd.oci.image.manifest.v1+json' };
    return (await this.send('GET', `/v2/${repository}/manifests/${tag}`, undefined, headers)).status;
  }

  /** Digests of a repository's artifacts; `repository` without the project, and it may be nested. */
  async artifacts(project: string, repository: string): Promise<readonly string[]> {
    // A slash in the name is encoded twice, because Harbor's router decodes it once.
    const name = encodeURIComponent(encodeURIComponent(repository));
    const found = await this.get<readonly { digest: string }[]>(
      `/api/v2.0/projects/${project}/repositories/${name}/artifacts?page_size=100`,
    );
    return found.map((artifact) => artifact.digest);
  }

  private send(
    method: string,
    path: string,
    body?: object,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { domain, address, port = 443, ca, user, password } = this.login;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      host: domain,
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      ...(payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
      ...more,
    };
    return new Promise((resolve, reject) => {
      // No kept-alive connections: a test that restarts the front must not meet a dead one.
      const target = { host: address, port, servername: domain, ca, agent: false, timeout: 30_000 };
      const sent = request({ ...target, method, path, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString('utf8'),
          }),
        );
      });
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in 30 s`)));
      sent.on('error', reject);
      sent.end(payload);
    });
  }
}
