import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Secret, Service } from 'kubernetes-types/core/v1';
import { parseAllDocuments } from 'yaml';
import type { TopologyProps } from '../../../lib/index';
import type { TestCluster } from './cluster';
import type { KubernetesObject } from './kubectl';
import { eventually, run } from './process';
import type { RegistryLogin } from './push';

const CLI = resolve(__dirname, '../../../dist/lib/cli/main.js');

/**
 * A topology on a test cluster, brought there as a user does it: the command line makes the secrets and the manifests,
 * `kubectl apply` does the rest.
 */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-e2e-'));
  private readonly secrets = join(this.folder, 'secrets');

  constructor(
    private readonly cluster: TestCluster,
    readonly region: string,
    readonly domain: string,
  ) {}

  /** Writes the manifests of a topology into a folder of their own; gives the folder of the region. */
  async synth(name: string, topology: TopologyProps): Promise<string> {
    return join(await this.synthFile(name, this.write(name, topology)), this.region);
  }

  /** Writes the manifests of a topology's file; gives the folder that holds one for each region. */
  async synthFile(name: string, file: string): Promise<string> {
    const out = join(this.folder, name);
    await this.cli('synth', file, '--out', out);
    return out;
  }

  /** Makes the secrets once. */
  async generateSecrets(topology: TopologyProps): Promise<void> {
    await this.cli('secrets', this.write('secrets', topology), '--out', this.secrets);
  }

  /** Namespaces first, then the secrets, then all the rest, as the README says. Gives kubectl's line for each object. */
  async apply(manifests: string): Promise<readonly string[]> {
    const { kubectl } = this.cluster;
    const [namespaces = ''] = readdirSync(manifests).filter((file) => file.includes('namespaces'));
    await kubectl.apply(join(manifests, namespaces));
    await kubectl.apply(join(this.secrets, `${this.region}.yaml`));
    return kubectl.apply(manifests);
  }

  /** Every Secret and ConfigMap that was generated. */
  generatedObjects(): readonly Secret[] {
    const text = readFileSync(join(this.secrets, `${this.region}.yaml`), 'utf8');
    return parseAllDocuments(text).map((document) => document.toJS() as Secret);
  }

  /** The plain values of a Secret or ConfigMap that was generated. */
  generated(name: string): Readonly<Record<string, string>> {
    const objects = this.generatedObjects();
    const found = objects.find((object) => object.metadata?.name === name);
    if (!found) throw new Error(`no secret ${name}: ${objects.map((object) => object.metadata?.name).join(', ')}`);
    const decoded = Object.entries(found.data ?? {}).map(([key, value]) => [
      key,
      found.kind === 'Secret' ? Buffer.from(value, 'base64').toString('utf8') : value,
    ]);
    return { ...Object.fromEntries(decoded), ...found.stringData };
  }

  /** Every object of a folder of manifests. */
  objects(manifests: string): readonly KubernetesObject[] {
    return readdirSync(manifests)
      .filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
      .flatMap((file) => parseAllDocuments(readFileSync(join(manifests, file), 'utf8')))
      .map((document) => document.toJS() as KubernetesObject)
      .filter((object) => object?.kind);
  }

  /** The address of the front's load balancer, made known to nodes and pods as the registry's names. */
  async login(namespace: string, service: string): Promise<RegistryLogin> {
    const { kubectl, lab } = this.cluster;
    const address = await eventually(
      async () => {
        const found = await kubectl.getJson<Service>('service', service, '-n', namespace);
        return found.status?.loadBalancer?.ingress?.[0]?.ip;
      },
      { what: `an address of ${namespace}/${service}` },
    );
    for (const name of [this.domain, `${this.region}.${this.domain}`]) await lab?.alias(name, address);
    return {
      domain: this.domain,
      address,
      ca: this.generated('harbor-ca')['ca.crt'],
      user: 'admin',
      password: this.generated('harbor-core').HARBOR_ADMIN_PASSWORD ?? '',
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, topology: TopologyProps): string {
    const file = join(this.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(topology));
    return file;
  }

  private cli(...args: readonly string[]): Promise<string> {
    return run(process.execPath, [CLI, ...args]);
  }
}
