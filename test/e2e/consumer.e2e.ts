import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { devDependencies } from '../../package.json';
import { Consumer, Toolchains } from './support/consumer';

const NODES = ['20', '22', '24'];
const COMPILERS = ['5.9', '6.0'];

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: 'ES2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['ES2023'],
    types: ['node'],
    strict: true,
    outDir: 'out',
  },
  files: ['index.ts'],
});

const GITOPS = `
import { App } from 'cdk8s';
import { planTopology, RegionChart, SharedStorage } from 'harbor-fleet';

const plan = planTopology({
  domain: 'registry.example.com',
  images: { kraken: 'tools.example.com/kraken:v0.1.27' },
  regions: { home: { storage: SharedStorage.nas({ storageClass: 'nas' }) } },
});
const app = new App({ outdir: 'manifests' });
new RegionChart(app, 'home', { plan, region: 'home' });
app.synth();
`;

const PULUMI = `
import * as pulumi from '@pulumi/pulumi';
import { planTopology } from 'harbor-fleet';
import * as aws from 'harbor-fleet/aws';
import { ClusterProvider, Database, RegistryTopology, SharedStorage } from 'harbor-fleet/pulumi';
import { find, synth } from 'harbor-fleet/testing';

let made = 0;
const mocks: pulumi.runtime.Mocks = {
  newResource: ({ name, inputs }) => {
    made += 1;
    return { id: name, state: inputs };
  },
  call: ({ inputs }) => inputs,
};
pulumi.runtime.setMocks(mocks, 'consumer', 'dev', true);
const registry = new RegistryTopology('registry', {
  domain: 'registry.example.com',
  images: { kraken: 'tools.example.com/kraken:v0.1.27' },
  regions: {
    home: {
      cluster: { provider: new ClusterProvider('home') },
      storage: SharedStorage.nas({ storageClass: pulumi.output('nas') }),
      database: Database.embedded(),
    },
  },
});
const url: pulumi.Output<string> | undefined = registry.endpoints.home?.url;
url?.apply(async (text) => {
  const loaded = [planTopology, find, synth].every((one) => typeof one === 'function') && Object.keys(aws).length > 0;
  console.log(JSON.stringify({ url: text, loaded }));
});
pulumi.runtime.disconnect().then(() => console.log(JSON.stringify({ many: made > 80 })));
`;

/** Native modules see every name that CommonJS exports. */
const ESM = `
import { planTopology } from 'harbor-fleet';
import * as aws from 'harbor-fleet/aws';
import { RegistryTopology } from 'harbor-fleet/pulumi';
import { synth } from 'harbor-fleet/testing';
console.log([planTopology, RegistryTopology, synth].map((one) => typeof one).join(), Object.keys(aws).length > 1);
`;

const pulumiPackages = Object.fromEntries(
  Object.entries(devDependencies).filter(([name]) => name.startsWith('@pulumi/') || name === '@types/node'),
);

describe('a project that installs the package', () => {
  let tools: Toolchains;
  let withPulumi: Consumer;
  let without: Consumer;

  beforeAll(async () => {
    tools = await Toolchains.of(NODES, COMPILERS);
    withPulumi = await Consumer.of(pulumiPackages, { 'index.ts': PULUMI, 'esm.mjs': ESM, 'tsconfig.json': TSCONFIG });
    const types = { '@types/node': devDependencies['@types/node'] };
    without = await Consumer.of(types, { 'index.ts': GITOPS, 'tsconfig.json': TSCONFIG });
  });

  afterAll(() => {
    withPulumi?.remove();
    without?.remove();
  });

  it.each(COMPILERS)('type-checks with TypeScript %s, with and without Pulumi', async (version) => {
    const compiler = tools.compiler(version);
    await without.run(process.execPath, compiler);
    // TypeScript 6 finds fault with the declarations of @pulumi/aws itself.
    await withPulumi.run(process.execPath, compiler, ...(version === '6.0' ? ['--skipLibCheck'] : []));
  });

  it.each(NODES)('runs on Node.js %s, by require and by import', async (version) => {
    expect(await withPulumi.run(tools.node(version), '--version')).toMatch(`v${version}.`);
    const said = (await withPulumi.run(tools.node(version), 'out/index.js')).trim().split('\n');
    expect(said.map((line) => JSON.parse(line) as unknown)).toEqual([
      { url: 'https://registry.example.com', loaded: true },
      { many: true },
    ]);
    expect(await withPulumi.run(tools.node(version), 'esm.mjs')).toBe('function,function,function true\n');
  });

  it.each(NODES)('synthesises on Node.js %s without Pulumi', async (version) => {
    expect(readdirSync(join(without.folder, 'node_modules'))).not.toContain('@pulumi');
    await without.run(tools.node(version), 'out/index.js');
    expect(readdirSync(join(without.folder, 'manifests'))).toEqual(['home.k8s.yaml']);
  });

  it('says what is missing when Pulumi is wanted and not there', async () => {
    await expect(without.run(process.execPath, '-e', "require('harbor-fleet/pulumi')")).rejects.toThrow(
      /Cannot find module '@pulumi\/\w+'/,
    );
  });
});
