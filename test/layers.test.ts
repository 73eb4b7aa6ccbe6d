import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const LIB = join(__dirname, '..', 'lib');

const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

/** What each file imports: files of ours as paths below lib, packages by name. */
const imports = files.map((file) => {
  const source = readFileSync(join(LIB, file), 'utf8');
  const names = [...source.matchAll(/(?:from|import|import\(|require\()\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return {
    file,
    uses: names.map((name) =>
      name.startsWith('.') ? relative(LIB, join(LIB, dirname(file), name)).replace(/\.js$/, '.ts') : name,
    ),
  };
});

const violations = (layer: RegExp, forbidden: RegExp): string[] =>
  imports
    .filter(({ file }) => layer.test(file))
    .flatMap(({ file, uses }) => uses.filter((use) => forbidden.test(use)).map((use) => `${file} imports ${use}`));

describe('the layers', () => {
  it('finds the files and their imports', () => {
    expect(files).toContain('plan/plan.ts');
    expect(imports.find(({ file }) => file === 'k8s/text.ts')?.uses).toEqual(
      expect.arrayContaining(['node:crypto', 'yaml', 'plan/deferred.ts']),
    );
  });

  it('plan is pure: nothing of the other layers, no cdk8s, no Pulumi, no clock, network, files or child processes', () => {
    expect(violations(/^plan\//, /^(k8s|pulumi|cloud|cli|secrets)\/|^cdk8s|^constructs|^@pulumi|^node:/)).toEqual([]);
    const impure = files
      .filter((file) => file.startsWith('plan/'))
      .filter((file) => /\bDate\b|Math\.random|process\.|\bfetch\(/.test(readFileSync(join(LIB, file), 'utf8')));
    expect(impure).toEqual([]);
  });

  it('constructs know the plan, never Pulumi, a cloud or the command line, and read no clock or file', () => {
    expect(violations(/^k8s\//, /^(pulumi|cloud|cli|secrets)\/|^@pulumi|^node:(?!crypto)/)).toEqual([]);
  });

  it('what runs in the cluster needs nothing but Node and the words of the plan', () => {
    expect(violations(/^settings\//, /^(?!settings\/|plan\/settings\.ts$|plan\/secrets\.ts$|node:)/)).toEqual([]);
  });

  it('the catalogue loads no command line, no secrets generator and no Pulumi', () => {
    expect(violations(/^index\.ts$/, /^(pulumi|cloud|cli|secrets|settings)\/|^@pulumi/)).toEqual([]);
  });

  it('Pulumi components know plan, constructs, the makers of values and what a cloud is; a cloud never knows constructs, nor another cloud', () => {
    expect(violations(/^pulumi\//, /^(cloud\/(?!cloud\.ts)|cli\/)/)).toEqual([]);
    expect(
      violations(/^cloud\//, /^(k8s|cli|secrets)\/|^cdk8s|^constructs|^pulumi\/(?!inputs\.ts|runtime\.ts|errors\.ts)/),
    ).toEqual([]);
    const others = imports
      .filter(({ file }) => file.startsWith('cloud/'))
      .flatMap(({ file, uses }) =>
        uses.filter((use) => /^cloud\/.+\//.test(use) && use.split('/')[1] !== file.split('/')[1]),
      );
    expect(others).toEqual([]);
  });

  it('what writes files for data centres and Huawei Cloud needs no Pulumi, clock or file, but where a stack takes them', () => {
    const files = /^cloud\/(on-premises|huawei)\/(?!(pulumi|sdk)\.ts$)/;
    expect(violations(files, /^@pulumi|^pulumi\/|^node:|\/(pulumi|sdk)\.ts$|^cloud\/[^/]+\.ts$/)).toEqual([]);
  });

  it('nobody imports the topology but its entry point', () => {
    expect(violations(/^(?!pulumi\/(index|topology-checks)\.ts)/, /^pulumi\/topology\.ts$/)).toEqual([]);
  });

  it('the catalogue does not load the YAML library before it is needed: import time', () => {
    const eager = files
      .filter((file) => /^(plan|k8s)\//.test(file) || file === 'index.ts')
      .filter((file) => /from 'yaml'/.test(readFileSync(join(LIB, file), 'utf8')));
    expect(eager).toEqual([]);
  });

  it('only the region chart brings Harbor, Kraken and the node mirror together', () => {
    const among = /^k8s\/(harbor|kraken|node-mirror)\//;
    const crossing = imports
      .filter(({ file }) => among.test(file))
      .flatMap(({ file, uses }) =>
        uses
          .filter((use) => among.test(use) && use.split('/')[1] !== file.split('/')[1])
          .map((use) => `${file} imports ${use}`),
      );
    // Kraken is handed the Harbor construct it serves: that one edge is the design.
    expect(crossing.filter((edge) => !/^k8s\/kraken\/kraken\.ts imports k8s\/harbor\/harbor\.ts$/.test(edge))).toEqual(
      [],
    );
  });
});
