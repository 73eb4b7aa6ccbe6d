import { Backend, Kraken } from '../../lib/index';
import { synth } from '../../lib/testing';
import { obtainCluster, type TestCluster } from './support/cluster';
import { makeImage } from './support/images';
import { Nodes } from './support/nodes';
import { run } from './support/process';
import { ensureTools } from './support/tools';
import { Traffic } from './support/traffic';

/** The development cluster of Kraken's own documentation: pushes and pulls through Kraken alone, in plain HTTP. */
describe('a Kraken without a Harbor', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    await ensureTools();
    cluster = await obtainCluster();
  });
  afterAll(() => cluster?.down());

  it('takes a push by its proxy, and every node pulls it from its own agent', async () => {
    const { kubectl } = cluster;
    const objects = synth((chart) => {
      new Kraken(chart, 'kraken', { image: cluster.images.kraken, backend: Backend.testfs() });
    });
    const namespace = (name: string, level: string) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': level } },
    });
    await kubectl.apply([namespace('kraken', 'restricted'), namespace('kraken-nodes', 'privileged')]);
    await kubectl.apply(objects as never);
    for (const name of ['kraken', 'kraken-nodes']) await kubectl.waitReady(name);

    const image = makeImage({ kind: 'oci' });
    // The registry in the proxy sends clients on to the port that it listens on itself.
    const proxy = await kubectl.portForward('kraken', 'service/kraken-proxy', 15000, 15000);
    const target = `docker://127.0.0.1:${proxy.port}/samples/app:1`;
    await run('skopeo', ['--insecure-policy', 'copy', '--dest-tls-verify=false', `oci:${image.layout}`, target]);
    proxy.close();
    image.remove();

    const since = new Date();
    const pulls = await new Nodes(kubectl).pullOnEveryNode('127.0.0.1:16000/samples/app:1');
    expect(pulls.map((pull) => pull.error)).toEqual(pulls.map(() => undefined));
    const agents = { namespace: 'kraken-nodes', selector: 'app.kubernetes.io/component=agent' };
    const served = await new Traffic(kubectl).servedByAgents(agents, since);
    expect(served).toHaveLength(pulls.length);
    for (const agent of served) expect(agent.blobBytes).toBeGreaterThanOrEqual(image.pullBytes);
  });
});
