import { defer } from '../../lib/plan/deferred';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';
import { readClusterVersions } from '../../lib/plan/versions';

const read = (cluster: object) => {
  const issues = new Issues();
  const versions = readClusterVersions(new Reader(cluster, 'cluster', issues));
  return { versions, issues: issues.all.map(({ path, level, fix }) => [path, level, fix]) };
};

describe('readClusterVersions', () => {
  it.each([
    [{}, '1.34', '2.2'],
    [{ kubernetes: '1.30', containerd: '1.7' }, '1.30', '1.7'],
    [{ kubernetes: '1.36.2', containerd: '2.3.1' }, '1.36', '2.3'],
    [{ kubernetes: '1.35', containerd: '2.1' }, '1.35', '2.1'],
  ])('%j works', (cluster, kubernetes, containerd) => {
    expect(read(cluster)).toEqual({ versions: { kubernetes, containerd }, issues: [] });
  });

  it.each([
    [{ kubernetes: '1.29' }, 'cluster.kubernetes', 'upgrade the cluster'],
    [{ kubernetes: '1.37' }, 'cluster.kubernetes', 'use a later release of harbor-fleet'],
    [{ kubernetes: 1.3 }, 'cluster.kubernetes', 'write it as a text in quotes'],
    [{ kubernetes: 'v1.34' }, 'cluster.kubernetes', 'write a version such as "1.34", in quotes'],
    [{ containerd: '1.6' }, 'cluster.containerd', 'upgrade containerd on the nodes'],
    [{ containerd: 'two' }, 'cluster.containerd', 'write a version such as "1.34", in quotes'],
    [
      { containerd: defer('2.3') },
      'cluster.containerd',
      "write it in the program, or read it from the stack's configuration, or another stack's output as a plain value: (await reference.getOutputDetails('<output>')).value",
    ],
  ])('%j does not work', (cluster, path, fix) => {
    expect(read(cluster).issues).toEqual([[path, 'error', fix]]);
  });

  it.each([
    ['1.36', '1.7'],
    ['1.36', '2.1'],
    ['1.35', '2.0'],
  ])('Kubernetes %s is not tested with containerd %s', (kubernetes, containerd) => {
    expect(read({ kubernetes, containerd }).issues).toEqual([
      ['cluster.containerd', 'warning', 'upgrade containerd on the nodes to 2.2 or later'],
    ]);
  });
});
