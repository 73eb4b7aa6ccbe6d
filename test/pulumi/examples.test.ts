import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Recording, record } from './support/mocks';

const ROOT = join(__dirname, '../..');
const yaml = (path: string) => parse(readFileSync(join(ROOT, path), 'utf8')) as { config: Record<string, unknown> };

/** What a project's settings are when nobody sets them. */
const defaults = (example: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(yaml(`examples/${example}/Pulumi.yaml`).config).flatMap(([key, setting]) => {
      const { default: value } = setting as { default?: unknown };
      return value === undefined ? [] : [[key, value]];
    }),
  );

/** What `Pulumi.<stack>.yaml` says. */
const settingsOf = (stack: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(yaml(`Pulumi.${stack}.yaml`).config).map(([key, value]) => [
      key.replace('harbor-fleet:', ''),
      value,
    ]),
  );

/** Previews an example's own program; nothing that it would make has an id or an output yet. */
const preview = (example: string, config: Record<string, unknown>, stack?: string): Promise<Recording> =>
  record(() => import(`../../examples/${example}/index`), { preview: true, config, stack });

const namesOf = (recording: Recording, type: RegExp): string[] =>
  recording.requests.filter((one) => type.test(one.type)).map(({ name }) => name);
const regionsOf = (recording: Recording): string[] => namesOf(recording, /^harbor-fleet:index:Region$/);

describe('the examples that are Pulumi projects', () => {
  it('one-cluster makes one region, with everything embedded', async () => {
    const config = { ...defaults('one-cluster'), domain: 'registry.example.com', krakenImage: 'example.com/kraken:1' };
    const recording = await preview('one-cluster', config);
    expect(regionsOf(recording)).toEqual(['registry-home']);
    expect(namesOf(recording, /:StatefulSet$/)).toContain('registry-home/harbor/database/workload/workload');
  });

  it('two-regions makes both, each with a run that brings its settings about', async () => {
    const config = { ...defaults('two-regions'), domain: 'registry.example.com', krakenImage: 'example.com/kraken:1' };
    const recording = await preview('two-regions', config);
    expect(regionsOf(recording)).toEqual(['registry-east', 'registry-west']);
    expect(namesOf(recording, /:Job$/)).toEqual([
      'registry-east/harbor/settings/job',
      'registry-west/harbor/settings/job',
    ]);
  });

  it('aws-region makes a region and what it needs of AWS', async () => {
    const recording = await preview('aws-region', {
      ...defaults('aws-region'),
      domain: 'registry.example.com',
      krakenImage: 'example.com/kraken:1',
      kubeconfig: 'apiVersion: v1\nclusters: []\n',
      bucket: 'example-registry-virginia',
      vpcId: 'vpc-0123456789abcdef0',
      subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      nodeSecurityGroupId: 'sg-0123456789abcdef0',
      zoneId: 'Z0123456789ABCDEFGHIJ',
      'aws:region': 'us-east-1',
    });
    expect(regionsOf(recording)).toEqual(['registry-virginia']);
    expect(namesOf(recording, /^harbor-fleet:aws:/).length).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['virginia', ['registry-ca'], []],
    ['frankfurt', [], ['organization/project/virginia']],
  ])(
    'landing-zone makes the region that its stack is named like, and reads of no other: %s',
    async (own, cas, shared) => {
      // A program runs when it is loaded, with an SDK of its own.
      jest.resetModules();
      const mocks = await import('./support/mocks.js');
      const read: string[] = [];
      const recording = await mocks.record(() => import('../../examples/landing-zone/index.js'), {
        preview: true,
        config: defaults('landing-zone'),
        stack: own,
        outputs: ({ type, name }) => void (type === 'pulumi:pulumi:StackReference' && read.push(name)),
      });
      expect(regionsOf(recording)).toEqual([`registry-${own}`]);
      expect(namesOf(recording, /LocallySignedCert$/)).toContain(`registry-${own}/harbor/harbor-tls`);
      expect(namesOf(recording, /SelfSignedCert$/)).toEqual(cas);
      expect(read.sort()).toEqual([`organization/landing-zone/${own}`, ...shared]);
    },
  );

  it('environments makes what the configuration of a stack says', async () => {
    const keys = ['accessKeyId', 'secretAccessKey', 'databasePassword', 'cachePassword'];
    const secrets = ['virginia', 'frankfurt'].flatMap((region) => keys.map((key) => [`${region}.${key}`, 'secret']));
    const production = await preview('environments', { ...settingsOf('production'), ...Object.fromEntries(secrets) });
    expect(regionsOf(production)).toEqual(['registry-virginia', 'registry-frankfurt']);
  });
});
