import type { RouterProps } from '../../../lib/cloud/on-premises';
import { Links } from '../../../lib/plan/network/links';
import { Network } from '../../../lib/plan/network/networks';
import { planTopology, type TopologyProps } from '../../../lib/plan/plan';
import { bucket, topology } from '../../plan/topologies';

/** AWS, a data centre of two outside addresses and one of a single. */
export const regions: TopologyProps['regions'] = {
  virginia: {
    ...bucket('virginia'),
    network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'], resolvers: ['10.0.0.10', '10.0.1.10'] }),
    database: { type: 'external', host: 'db.example.com', passwordSecret: 'db' },
  },
  frankfurt: {
    ...bucket('frankfurt'),
    network: Network.onPremises({
      cidrs: ['10.1.0.0/16'],
      publicIps: ['198.51.100.1', '198.51.100.2'],
      resolvers: ['10.1.0.53'],
    }),
    database: { type: 'external', host: '10.1.0.7', passwordSecret: 'db' },
  },
  factory: {
    ...bucket('factory'),
    network: Network.onPremises({ cidrs: ['10.2.0.0/16'], publicIps: ['198.51.100.3'], resolvers: ['10.2.0.53'] }),
    database: { type: 'external', host: 'postgres.factory.example.com', passwordSecret: 'db' },
  },
};

export const plan = planTopology(topology(0, { regions, links: Links.mesh() }));

/** What is known when gateways exist. */
export const props: RouterProps = {
  keyOf: ({ name, generation }) => `K${Buffer.from(`${name} ${generation}`).toString('hex')}`,
  outsideAddresses: { virginia: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'] },
};
