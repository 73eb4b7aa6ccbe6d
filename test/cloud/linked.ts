import { Links } from '../../lib/index';
import {
  ClusterProvider,
  Exposure,
  type RegionArgs,
  RegistryTopology,
  SharedStorage,
  type TopologyArgs,
} from '../../lib/pulumi/index';
import { type Recording, type RecordOptions, record } from '../pulumi/support/mocks';

/** What a stack is asked for linked regions of the topology `registry`, each as small as a region can be. */
export async function deploy(
  regions: () => Readonly<Record<string, Partial<RegionArgs>>>,
  more: Partial<TopologyArgs> = {},
  options: RecordOptions = {},
): Promise<readonly [Recording, RegistryTopology]> {
  const made: RegistryTopology[] = [];
  const recording = await record(
    () => {
      const small = Object.entries(regions()).map(([name, region]): [string, RegionArgs] => [
        name,
        {
          cluster: { provider: new ClusterProvider(name) },
          storage: SharedStorage.nas({ server: `${name}.example.com`, path: '/export' }),
          exposure: Exposure.loadBalancer(),
          kraken: false,
          nodeMirror: false,
          ...region,
        },
      ]);
      const args = { domain: 'registry.example.com', links: Links.mesh(), regions: Object.fromEntries(small), ...more };
      made.push(new RegistryTopology('registry', args));
    },
    {
      ...options,
      outputs: (asked) =>
        asked.type === 'kubernetes:core/v1:Service' && asked.inputs.spec?.type === 'LoadBalancer'
          ? { status: { loadBalancer: { ingress: [{ ip: '10.9.9.9' }] } }, ...options.outputs?.(asked) }
          : options.outputs?.(asked),
    },
  );
  const [topology] = made;
  if (topology === undefined) throw new Error('no topology was made');
  return [recording, topology];
}
