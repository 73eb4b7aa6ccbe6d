import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Engine, type EngineResult } from './support/engine';
import { Project } from './support/project';

/** What cannot run here (several clouds, databases of a provider's) is at least previewed by the real engine, without any cluster. */
describe('the examples that are Pulumi projects', () => {
  let engine: Engine;
  const projects: Project[] = [];

  beforeAll(async () => {
    engine = await Engine.obtain();
  });
  afterAll(() => {
    engine?.remove();
    for (const project of projects) project.remove();
  });

  const keep = (project: Project): Project => {
    projects.push(project);
    return project;
  };

  /** Regions that something is made for, by the first part of its logical name. */
  const regionsIn = ({ changes, steps }: EngineResult): readonly string[] => {
    expect(Object.keys(changes)).toEqual(['create']);
    const regions = steps.flatMap(({ name }) => /^registry-(?!ca$)([a-z]+)/.exec(name)?.[1] ?? []);
    return [...new Set(regions)].sort();
  };

  it('landing-zone makes the region that a stack is named like, from what the landing zone hands over', async () => {
    const zone = keep(await Project.of('test/e2e/projects/landing-zone'));
    const handOver = async (region: string) => (await engine.stack(zone.folder, region)).up();
    await handOver('virginia');
    const example = keep(await Project.of('examples/landing-zone'));
    const virginia = await engine.stack(example.folder, 'virginia');
    // Nobody has made frankfurt yet, and nothing of it is needed.
    expect(regionsIn(await virginia.preview())).toEqual(['virginia']);
    expect(await virginia.previewText()).toContain('database.virginia.example.com');
    await handOver('frankfurt');
    const frankfurt = await engine.stack(example.folder, 'frankfurt');
    await frankfurt.setConfig('first', 'frankfurt');
    expect(regionsIn(await frankfurt.preview())).toEqual(['frankfurt']);
    expect(await frankfurt.previewText()).toContain('database.frankfurt.example.com');
  });

  // The lab has no provider of Alibaba Cloud: here another program reads the configuration, test/cloud/three-clouds.test.ts runs the example's.
  it('three-clouds gets its configuration as its page says', async () => {
    const { folder } = keep(await Project.of('examples/three-clouds'));
    const page = readFileSync(join(folder, 'README.md'), 'utf8');
    const [written = ''] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => block);
    const commands = page.split('\n').filter((line) => line.startsWith('pulumi config set --secret'));
    const regions = ['virginia', 'singapore', 'factory'];
    const kubeconfigOf = (region: string) => `# of ${region}\nkind: Config`;
    expect(commands).toHaveLength(regions.length);
    writeFileSync(
      join(folder, 'index.ts'),
      `import { Config } from '@pulumi/pulumi';
      const config = new Config();
      export const regions = ${JSON.stringify(regions)}.map((region) => config.requireObject(region));
      export const publicAddresses = config.requireObject('publicAddresses');`,
    );
    const stack = await engine.stack(folder, 'production');
    appendFileSync(join(folder, 'Pulumi.production.yaml'), written);
    for (const region of regions) writeFileSync(join(folder, `${region}.kubeconfig`), kubeconfigOf(region));
    await stack.shell(commands.join('\n'));
    await stack.shell(
      page
        .split('\n')
        .filter((line) => line.startsWith('pulumi config set --path'))
        .join('\n'),
    );
    await stack.up();
    const { config } = parse(written) as { config: Record<string, object> };
    expect(await stack.outputs()).toEqual({
      regions: regions.map((region) => ({
        kubeconfig: kubeconfigOf(region),
        ...config[`three-clouds:${region}`],
      })),
      publicAddresses: { virginia: ['203.0.113.7'] },
    });
    expect(readFileSync(join(folder, 'Pulumi.production.yaml'), 'utf8')).not.toContain('kind: Config');
  });

  it('environments makes what the configuration of each stack says', async () => {
    const { folder } = keep(Project.ofRepository());
    const kubeconfig = join(folder, 'kubeconfig');
    const contexts = ['dev', 'production-virginia', 'production-frankfurt'];
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'none', cluster: { server: 'https://127.0.0.1:1' } }],
        users: [{ name: 'none', user: {} }],
        contexts: contexts.map((name) => ({ name, context: { cluster: 'none', user: 'none' } })),
      }),
    );
    const dev = await engine.stack(folder, 'dev', { KUBECONFIG: kubeconfig });
    expect(regionsIn(await dev.preview())).toEqual(['home']);
    const production = await engine.stack(folder, 'production', { KUBECONFIG: kubeconfig });
    const secrets = ['accessKeyId', 'secretAccessKey', 'databasePassword', 'cachePassword'];
    for (const region of ['virginia', 'frankfurt'])
      for (const key of secrets)
        await production.setConfig(`${region}.${key}`, `${key}-of-${region}`, { secret: true });
    const result = await production.preview();
    expect(regionsIn(result)).toEqual(['frankfurt', 'virginia']);
    expect(result.steps.some(({ name }) => name.includes('database/workload'))).toBe(false);
  });
});
