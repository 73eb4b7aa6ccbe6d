import { Issues } from '../../lib/plan/issues';
import { peerToPeerProjects, readProjects } from '../../lib/plan/projects';
import { Reader } from '../../lib/plan/reader';

const read = (projects: unknown, ...regions: string[]) => {
  const issues = new Issues();
  const plans = readProjects(new Reader({ projects }, '', issues), regions);
  return { plans, issues: issues.all.map(({ path, problem, fix }) => [path, problem, fix]) };
};

describe('readProjects', () => {
  it('takes the only region as home', () => {
    expect(read({ payments: {} }, 'virginia')).toEqual({
      issues: [],
      plans: [
        {
          name: 'payments',
          public: false,
          home: 'virginia',
          replicateTo: [],
          peerToPeer: true,
          confidential: false,
        },
      ],
    });
  });

  it('plans library without any, and nothing without regions', () => {
    expect(read(undefined, 'a', 'b').plans).toMatchObject([{ name: 'library', home: 'a', replicateTo: ['b'] }]);
    expect(read(undefined).plans).toEqual([]);
    expect(read({}, 'a').plans).toEqual([]);
  });

  it('wants a home as soon as there are several regions', () => {
    expect(read({ payments: {} }, 'a', 'b').issues).toEqual([['projects.payments.home', 'is missing', 'add "home"']]);
    expect(read({ payments: { home: 3 } }, 'a', 'b').issues).toHaveLength(1);
  });

  it('knows the regions by name', () => {
    const { issues } = read({ p: { home: 'virgina', replicateTo: ['mars', 'tokyo'] } }, 'virginia', 'tokyo');
    expect(issues).toEqual([
      ['projects.p.home', 'is not a region of this topology', 'did you mean "virginia"?'],
      ['projects.p.replicateTo[0]', 'is not a region of this topology', 'add the region "mars", or name another'],
    ]);
    expect(read({ p: { home: 'a' } }).issues).toHaveLength(1);
  });

  it('replicates to all others, or to each region once and never home', () => {
    expect(read({ p: { home: 'b', replicateTo: 'all' } }, 'a', 'b', 'c').plans[0]?.replicateTo).toEqual(['a', 'c']);
    expect(read({ p: { home: 'b', replicateTo: ['b', 'c', 'c'] } }, 'a', 'b', 'c').issues).toEqual([
      ['projects.p.replicateTo[0]', 'is the home of the project', 'remove it'],
      ['projects.p.replicateTo[2]', 'is there twice', 'remove it'],
    ]);
  });

  it('hands out a confidential project by Harbor alone', () => {
    expect(read({ p: { confidential: true } }, 'a').plans[0]).toMatchObject({ confidential: true, peerToPeer: false });
    const { issues } = read({ p: { confidential: true, peerToPeer: true, public: true } }, 'a');
    expect(issues).toEqual([
      ['projects.p.public', 'cannot be true for a confidential project', 'remove one of them'],
      [
        'projects.p.peerToPeer',
        'cannot be true for a confidential project: agents ask nobody who they are',
        'remove peerToPeer, or confidential',
      ],
    ]);
  });

  it('knows its settings and the names that Harbor takes', () => {
    expect(read({ My_Project: { privat: true } }, 'a').issues.map(([path]) => path)).toEqual([
      'projects.My_Project',
      'projects.My_Project.privat',
    ]);
  });
});

describe('peerToPeerProjects', () => {
  it('are those that peers may serve and the region has', () => {
    const { plans } = read(
      { a: { home: 'x' }, b: { home: 'y', replicateTo: ['x'] }, c: { home: 'y' }, d: { home: 'x', peerToPeer: false } },
      'x',
      'y',
    );
    expect(peerToPeerProjects(plans, 'x')).toEqual(['a', 'b']);
    expect(peerToPeerProjects(plans, 'y')).toEqual(['b', 'c']);
  });
});
