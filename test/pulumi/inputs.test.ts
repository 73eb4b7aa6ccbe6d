import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { isDeferred, lift } from '../../lib/plan/deferred';
import { Network } from '../../lib/plan/network/networks';
import {
  Authentication,
  Database,
  type Inputs,
  NasStorage,
  plain,
  RemoteRegistry,
  SharedStorage,
} from '../../lib/pulumi/index';
import { SECRET_SETTINGS } from '../../lib/pulumi/inputs';
import { asOutput } from '../../lib/pulumi/runtime';
import { failureOf, known } from './support/mocks';

interface Props {
  readonly name: string;
  readonly size: 'small' | 'large';
  readonly replicas?: number;
  readonly tls?: boolean;
  readonly age?: `${number}h`;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hosts?: readonly { readonly url: string; readonly kind: 'a' | 'b' }[];
}

/** The one Output behind late values. */
const only = (value: unknown): unknown => {
  const found: unknown[] = [];
  lift(value, { live: (one) => found.push(one), map: () => 0, concat: () => 0 });
  return found[0];
};

describe('Inputs', () => {
  it('allows an Output where free text goes, at any depth', () => {
    const late = pulumi.output('late');
    const props: Inputs<Props> = {
      name: late,
      size: 'small',
      labels: { team: late },
      hosts: [{ url: late, kind: 'a' }],
    };
    expect(Object.keys(plain<Props>(props))).toEqual(['name', 'size', 'labels', 'hosts']);
  });

  it('refuses an Output for a choice, a number, a switch or a quantity: the compiler says so', () => {
    const typed = (): Inputs<Props>[] => [
      // @ts-expect-error a choice decides what is made
      { name: 'a', size: pulumi.output('small' as const) },
      // @ts-expect-error so does a number
      { name: 'a', size: 'small', replicas: pulumi.output(3) },
      // @ts-expect-error and a switch
      { name: 'a', size: 'small', tls: pulumi.output(true) },
      // @ts-expect-error and a quantity
      { name: 'a', size: 'small', age: pulumi.output('1h' as const) },
      // @ts-expect-error and a choice below a list
      { name: 'a', size: 'small', hosts: [{ url: 'a', kind: pulumi.output('a' as const) }] },
      // @ts-expect-error a list has a length, which must be known
      { name: 'a', size: 'small', hosts: pulumi.output([]) },
    ];
    const names = (): Inputs<{ instance?: string; cluster?: { kubernetes?: string } }>[] => [
      // @ts-expect-error objects are called so
      { instance: pulumi.output('harbor') },
      // @ts-expect-error fields depend on it
      { cluster: { kubernetes: pulumi.output('1.34') } },
    ];
    const networks = (): Inputs<{ network?: Network }>[] => [
      { network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'] }) },
      // @ts-expect-error ranges are checked against each other when planned
      { network: { type: 'aws', region: 'us-east-1', cidrs: [pulumi.output('10.0.0.0/16')] } },
      // @ts-expect-error so are outside addresses
      { network: { type: 'external', cidrs: ['10.0.0.0/16'], publicIps: [pulumi.output('198.51.100.7')] } },
      // @ts-expect-error and resolvers, which routers are told
      { network: { type: 'aws', region: 'us-east-1', cidrs: ['10.0.0.0/16'], resolvers: [pulumi.output('10.0.0.2')] } },
    ];
    const region: Inputs<{ network: string }> = { network: pulumi.output('a VPC by its name stays free text') };
    expect([typed, names, networks, region]).toHaveLength(4);
  });
});

describe('plain', () => {
  it('replaces Outputs and Promises by late values that become them again', async () => {
    const made = plain<Props>({
      name: pulumi.output('db'),
      size: 'small',
      labels: { a: Promise.resolve('x'), b: 'y' },
    });
    expect(isDeferred(made.name)).toBe(true);
    expect(made.size).toBe('small');
    expect(made.labels?.b).toBe('y');
    expect(await known(asOutput(`postgres://${made.name}/${made.labels?.a}`))).toBe('postgres://db/x');
  });

  it('gives the same Output the same value, so that what is equal stays equal', () => {
    const bucket = pulumi.output('bucket');
    expect(plain<string[]>([bucket, bucket, pulumi.output('bucket')]).map((one, _, all) => one === all[0])).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('leaves everything else as it is', () => {
    const date = new Date(0);
    const props = { when: date, nothing: null, list: [1, 'a', undefined], on: true };
    expect(plain(props)).toEqual(props);
    expect(plain<{ when: Date }>({ when: date }).when).toBe(date);
  });

  it('fails for a secret in a setting that ends up readable, and names the setting', async () => {
    const hidden = pulumi.secret('x');
    const make = () => plain<{ database: { host: string } }>({ database: { host: hidden } }, 'regions.east');
    expect(await failureOf(only(make()))).toContain(
      'regions.east.database.host: is a secret, in a setting that everyone',
    );
  });

  it('takes a secret where a Secret carries it, and anything that is none', async () => {
    const made = plain<{ password: string; host: string }>(
      { password: pulumi.secret('p'), host: pulumi.output('h') },
      '',
    );
    expect(await known(asOutput(`${made.password}@${made.host}`))).toBe('p@h');
  });

  it('knows every setting that takes a secret', () => {
    const folder = join(__dirname, '..', '..', 'lib', 'plan');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const read = files.flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/(?:secretText\(\s*|\bvalue: )'(\w+)'/g)].map(
        (match) => match[1],
      ),
    );
    expect(read.length).toBeGreaterThan(3);
    expect(read.filter((name) => !SECRET_SETTINGS.has(name ?? ''))).toEqual([]);
  });
});

describe('the factories', () => {
  it('take Outputs and give what the plan takes', () => {
    const host = pulumi.output('h');
    expect(Database.external({ host, passwordSecret: 'db' })).toEqual({
      type: 'external',
      host: plain(host, 'Database.external.host'),
      passwordSecret: 'db',
    });
    expect(Database.embedded()).toEqual({ type: 'embedded' });
    // @ts-expect-error a port is a number
    expect(Database.external({ host, port: pulumi.output(1), passwordSecret: 'db' }).type).toBe('external');
  });

  it('take them too where users are known by, for registries outside and for network file systems', async () => {
    const late = <T>(value: T) => pulumi.output(value);
    const oidc = { name: 'SSO', clientId: 'harbor', credentialsSecret: 'oidc' };
    const login = Authentication.oidc({ ...oidc, endpoint: late('https://login.example.com') });
    expect(await known(asOutput(login.endpoint))).toBe('https://login.example.com');
    const efs = NasStorage.efs({ fileSystemId: late('fs-0a'), accessPointId: late('fsap-0a') });
    expect(await known(asOutput(efs.fileSystemId ?? ''))).toBe('fs-0a');
    const urls = ['us-east-1', 'cn-north-1'].map((region) => RemoteRegistry.ecr({ region: late(region) }).url);
    expect(await Promise.all(urls.map((url) => known(asOutput(url))))).toEqual([
      'https://api.ecr.us-east-1.amazonaws.com',
      'https://api.ecr.cn-north-1.amazonaws.com.cn',
    ]);
  });

  it('name the setting in which a secret would be readable', async () => {
    const make = () => SharedStorage.nas({ server: pulumi.secret('10.0.0.1'), path: '/export' });
    expect(await failureOf(only(make()))).toContain('SharedStorage.nas.server: is a secret');
  });
});
