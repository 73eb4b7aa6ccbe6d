import { createHmac } from 'node:crypto';

/** Where a Harbor is, and as whom its API is asked. */
export interface ApiProps {
  /** Such as `https://registry.example.com`, without a path. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Milliseconds that one answer may take. @default 30000 */
  readonly timeout?: number;
  /** Milliseconds before the first repetition of a read that failed; each further waits twice as long. @default 500 */
  readonly pause?: number;
}

/** What Harbor refused, or did not answer. Its message holds no secret. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** HTTP status; nothing without an answer. */
    readonly status?: number,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly location: string;
  readonly total: number;
}

const PAGE = 100;
/** A read is tried this often, when there is no answer or a proxy answers in Harbor's place. */
const TRIES = 4;
const AWAY: readonly (number | undefined)[] = [undefined, 502, 503, 504];

/** Harbor's API 2.0. */
export class Api {
  private readonly hidden = new Set<string>();

  constructor(private readonly props: ApiProps) {
    this.hidden.add(props.password);
  }

  /** What a path shows; nothing for an answer without a body, or that there is nothing (404). */
  async get<T>(path: string): Promise<T | undefined> {
    const answer = await this.read(path);
    return answer === undefined || answer.text === '' ? undefined : this.parse<T>(`GET ${path}`, answer.text);
  }

  /** All items of a list, page by page, or those up to a page that is enough. */
  async list<T>(path: string, isEnough: (page: readonly T[]) => boolean = () => false): Promise<readonly T[]> {
    const items: T[] = [];
    for (let page = 1; ; page++) {
      const query = `${path}${path.includes('?') ? '&' : '?'}page=${page}&page_size=${PAGE}`;
      const answer = await this.read(query);
      const found =
        answer === undefined || answer.text === '' ? [] : this.parse<T[] | null>(`GET ${path}`, answer.text);
      items.push(...(found ?? []));
      // Lists that know no pages tell no total, and come whole.
      if (found === null || found.length < PAGE || items.length >= (answer?.total ?? 0) || isEnough(found))
        return items;
    }
  }

  /**
   * Changes something.
   *
   * @returns the id of what was made, from the `Location` of the answer; 0 when there is none
   */
  async send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<number> {
    const answer = await this.request(method, path, body);
    if (answer.status >= 300) throw this.refused(`${method} ${path}`, answer);
    return Number(/(\d+)$/.exec(answer.location)?.[1] ?? 0);
  }

  /** Whether Harbor lets someone in with a password: it hands out a token, for nothing. */
  async logsIn(username: string, password: string): Promise<boolean> {
    const path = '/service/token?service=harbor-registry';
    const answer = await this.request('GET', path, undefined, { username, password });
    if (answer.status === 200) return true;
    if (answer.status === 401) return false;
    throw this.refused(`GET ${path}`, answer);
  }

  /** Keeps a text out of every message. */
  hide(secret: string): string {
    if (secret.length > 3) this.hidden.add(secret);
    return secret;
  }

  /** A sign by which a secret is known again. Nobody can guess at the secret by it without the password of the account here. */
  fingerprint(secret: string): string {
    return createHmac('sha256', this.props.password).update(secret).digest('hex').slice(0, 12);
  }

  private async read(path: string): Promise<Answer | undefined> {
    for (let tried = 1; ; tried++) {
      try {
        const answer = await this.request('GET', path);
        if (answer.status === 404) return undefined;
        if (answer.status < 300) return answer;
        throw this.refused(`GET ${path}`, answer);
      } catch (error) {
        const isAway = error instanceof ApiError && AWAY.includes(error.status);
        if (!isAway || tried === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, (this.props.pause ?? 500) * 2 ** (tried - 1)));
      }
    }
  }

  private async request(
    method: string,
    path: string,
    body?: unknown,
    { username, password }: Pick<ApiProps, 'username' | 'password'> = this.props,
  ): Promise<Answer> {
    const base = path.startsWith('/service/') ? this.props.url : `${this.props.url}/api/v2.0`;
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        // A redirect would hand the password to another host, or lose what is sent.
        redirect: 'manual',
        signal: AbortSignal.timeout(this.props.timeout ?? 30_000),
      });
      return {
        status: response.status,
        text: await response.text(),
        location: response.headers.get('location') ?? '',
        total: Number(response.headers.get('x-total-count') ?? 0),
      };
    } catch (error) {
      throw new ApiError(this.clean(`${method} ${path}: ${reasonOf(error)}`));
    }
  }

  private parse<T>(what: string, text: string): T {
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new ApiError(`${what}: the answer is not JSON, or only half of it: is this Harbor's own address?`);
    }
  }

  private refused(what: string, { status, text, location }: Answer): ApiError {
    const reason = status >= 300 && status < 400 ? `is sent on to ${location}: use that address` : messageOf(text);
    return new ApiError(this.clean(`${what}: ${status}${reason === '' ? '' : ` ${reason}`}`), status);
  }

  private clean(text: string): string {
    return [...this.hidden].reduce((cleaned, secret) => cleaned.replaceAll(secret, '(hidden)'), text);
  }
}

/** What Harbor says in an answer that refuses something. */
function messageOf(text: string): string {
  try {
    const { errors } = JSON.parse(text) as { readonly errors?: readonly { readonly message?: string }[] };
    return (errors ?? []).map(({ message = '' }) => message.trim().replaceAll('\n', ' ')).join('; ');
  } catch {
    return text.slice(0, 200).trim();
  }
}

/** Why there was no answer: `fetch` hides it in the cause. What it throws is not always an `Error` of ours. */
function reasonOf(thrown: unknown): string {
  const { name, message, cause } = Object(thrown) as { name?: string; message?: string; cause?: { message?: string } };
  return name === 'TimeoutError' ? 'no answer in time' : (cause?.message ?? message ?? String(thrown));
}
