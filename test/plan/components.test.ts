import { type ComponentPlan, readComponent } from '../../lib/plan/components';
import { partyName } from '../../lib/plan/flows';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';

const BY_SIZE: ComponentPlan = {
  replicas: 1,
  resources: { cpu: '100m', cpuLimit: '1', memory: '256Mi', ephemeralStorage: '1Gi' },
};
const read = (core: unknown) => {
  const issues = new Issues();
  return { plan: readComponent(new Reader({ core }, '', issues), 'core', BY_SIZE), issues: issues.all };
};

describe('readComponent', () => {
  it('takes what the size gives when nothing is set', () => {
    expect(read(undefined)).toEqual({ plan: BY_SIZE, issues: [] });
  });

  it('takes each override alone', () => {
    const { plan, issues } = read({
      replicas: 3,
      resources: { memory: '1Gi', cpu: '200m', cpuLimit: '2', ephemeralStorage: '2Gi' },
    });
    expect(issues).toEqual([]);
    expect(plan).toEqual({
      replicas: 3,
      resources: { cpu: '200m', cpuLimit: '2', memory: '1Gi', ephemeralStorage: '2Gi' },
    });
  });

  it('refuses a limit below what is reserved, unknown keys and wrong amounts', () => {
    const { issues } = read({ replicas: 0, resources: { cpu: '2', memory: '1GB' }, replica: 1 });
    expect(issues.map((issue) => issue.path)).toEqual([
      'core.replica',
      'core.resources.cpuLimit',
      'core.replicas',
      'core.resources.memory',
    ]);
    expect(issues[1]?.fix).toBe('raise cpuLimit to 2 or lower cpu');
  });
});

describe('partyName', () => {
  it.each([
    [{ kind: 'pods', namespace: 'harbor', component: 'core', labels: {} } as const, 'harbor/core'],
    [{ kind: 'nodes' } as const, 'nodes'],
    [{ kind: 'networks', cidrs: ['0.0.0.0/0'], name: 'anyone' } as const, 'anyone'],
    [{ kind: 'external', host: 'db.example.com', name: 'database' } as const, 'database'],
  ])('names %p', (party, name) => expect(partyName(party)).toBe(name));
});
