import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cached } from './lab';
import { eventually } from './process';
import { makeEnvironment } from './python';

const VERSION = '5.2.5';

/** AWS as one process on loopback: moto's server, from PyPI, with an account of its own that ends with it. */
export class Moto {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Moto> {
    const python = join(await environment(), 'bin', 'python');
    const port = await freePort();
    const child = spawn(python, [join(__dirname, 'aws_server.py'), '-H', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
    });
    const moto = new Moto(child, `http://127.0.0.1:${port}`);
    await eventually(async () => (await fetch(`${moto.url}/moto-api/`)).ok || undefined, {
      what: `moto at ${moto.url}`,
      timeoutMs: 300_000,
    }).catch((error) => {
      moto.stop();
      throw error;
    });
    return moto;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  /** What makes AWS' SDKs and the Pulumi provider talk to it. */
  get env(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      // Asked for more at once, it may fail a request that it carried out.
      PULUMI_PARALLEL: '4',
    };
  }

  /** Settings of the Pulumi provider for it: it has no host name for each bucket or account, and asks nobody who we are. */
  static readonly config: Readonly<Record<string, string>> = {
    'aws:region': 'us-east-1',
    'aws:s3UsePathStyle': 'true',
    'aws:skipCredentialsValidation': 'true',
    'aws:skipMetadataApiCheck': 'true',
    'aws:skipRequestingAccountId': 'true',
  };

  /** The answer, in XML, of a service that takes its action as a parameter (EC2, IAM, RDS, ElastiCache). */
  query(service: string, action: string, parameters: Readonly<Record<string, string>> = {}): Promise<string> {
    const body = new URLSearchParams({ Action: action, ...parameters }).toString();
    return this.request(service, 'POST', '/', body, 'application/x-www-form-urlencoded');
  }

  /** The answer of a service that takes its action as a path (S3, Route 53). */
  async request(service: string, method: string, path: string, body?: string, type = 'application/xml') {
    const response = await fetch(`${this.url}${path}`, {
      method,
      // moto tells services apart by the scope of the signature, which it does not verify.
      headers: {
        'content-type': type,
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} ${method} ${path} ${body ?? ''}: ${response.status}\n${text}`);
    return text;
  }
}

/** A virtual environment with moto in it, made once. */
const environment = (): Promise<string> =>
  cached(`moto-${VERSION}`, (path) => makeEnvironment(path, `moto[server]==${VERSION}`));

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** The texts of all elements of an answer with this name. */
export const all = (xml: string, element: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map((match) => match[1] ?? '');
