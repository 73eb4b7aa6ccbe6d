import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
    for (const region of ['virginia', 'frankfurt']) await (await engine.stack(zone.folder, region)).up();
    const example = keep(await Project.of('examples/landing-zone'));
    const virginia = await engine.stack(example.folder, 'virginia');
    expect(regionsIn(await virginia.preview())).toEqual(['virginia']);
    expect(await virginia.previewText()).toContain('database.virginia.example.com');
    const frankfurt = await engine.stack(example.folder, 'frankfurt');
    await frankfurt.setConfig('first', 'frankfurt');
    expect(regionsIn(await frankfurt.preview())).toEqual(['frankfurt']);
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
