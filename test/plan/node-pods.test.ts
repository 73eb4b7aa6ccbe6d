import { Issues } from '../../lib/plan/issues.js';
import { ALL_TAINTS, checkHostPorts, readNodePods } from '../../lib/plan/node-pods.js';
import { Reader } from '../../lib/plan/reader.js';

const read = (nodes: unknown, given = {}) => {
  const issues = new Issues();
  return { plan: readNodePods(new Reader({ nodes }, '', issues), 'nodes', given), issues: issues.all };
};

it('runs on every node by default, or where it is given', () => {
  expect(read(undefined).plan).toEqual({ tolerations: ALL_TAINTS, nodeSelector: {} });
  const given = { tolerations: [], nodeSelector: { pool: 'a' } };
  expect(read(undefined, given).plan).toEqual(given);
  expect(read({ nodeSelector: { pool: 'b' } }, given).plan.nodeSelector).toEqual({ pool: 'b' });
});

it('reads tolerations', () => {
  const taint = { key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' };
  expect(read({ tolerations: [taint] })).toEqual({ plan: { tolerations: [taint], nodeSelector: {} }, issues: [] });
  expect(read({ tolerations: [{ operator: 'Equal' }] }).issues).toHaveLength(1);
  expect(read({ tolerations: [{ key: 'a', effect: 'Never' }] }).issues[0]?.path).toBe('nodes.tolerations[0].effect');
});

it('records a port that two installations take', () => {
  const issues = new Issues();
  checkHostPorts(
    [
      { path: 'a', name: 'Kraken a', hostPorts: [16000] },
      { path: 'b', name: 'Kraken b', hostPorts: [16100] },
      { path: 'c', name: 'Kraken c', hostPorts: [16000] },
    ],
    issues,
  );
  expect(issues.all.map(({ path, problem }) => `${path} ${problem}`)).toEqual([
    'c takes a port on the nodes that Kraken a has already',
  ]);
});
