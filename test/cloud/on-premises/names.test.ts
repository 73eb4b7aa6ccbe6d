import { corefile, unboundConf } from '../../../lib/cloud/on-premises';
import { Links } from '../../../lib/plan/network/links';
import { Network } from '../../../lib/plan/network/networks';
import { planTopology } from '../../../lib/plan/plan';
import { bucket, topology } from '../../plan/topologies';
import { plan, regions } from './fixtures';

const records = {
  'factory.registry.example.com': ['10.2.0.80', '10.2.0.81'],
  'frankfurt.registry.example.com': ['10.1.0.80'],
};

describe('the resolver of a data centre', () => {
  it('as unbound answers for its own names and forwards those of others', () => {
    expect(unboundConf(plan, 'factory', { records })).toBe(`server:
    local-zone: "factory.registry.example.com." static
    local-zone: "database.factory.registry.example.com." redirect
    local-data: "factory.registry.example.com. 30 IN A 10.2.0.80"
    local-data: "factory.registry.example.com. 30 IN A 10.2.0.81"
    local-data: "database.factory.registry.example.com. 30 IN CNAME postgres.factory.example.com."
    domain-insecure: "virginia.registry.example.com."
    private-domain: "virginia.registry.example.com."
    domain-insecure: "frankfurt.registry.example.com."
    private-domain: "frankfurt.registry.example.com."
forward-zone:
    name: "virginia.registry.example.com."
    forward-addr: 10.0.0.10
    forward-addr: 10.0.1.10
forward-zone:
    name: "frankfurt.registry.example.com."
    forward-addr: 10.1.0.53
`);
  });

  it('as CoreDNS does the same', () => {
    const text = corefile(plan, 'factory', { records });
    expect(text).toContain(`factory.registry.example.com {
    template IN A factory.registry.example.com {
        match "^factory[.]registry[.]example[.]com[.]$"
        answer "factory.registry.example.com. 30 IN A 10.2.0.80"
        answer "factory.registry.example.com. 30 IN A 10.2.0.81"
        fallthrough
    }
    template IN ANY factory.registry.example.com {
        match "^database[.]factory[.]registry[.]example[.]com[.]$"
        answer "database.factory.registry.example.com. 30 IN CNAME postgres.factory.example.com."
        fallthrough
    }
    template IN ANY factory.registry.example.com {
        match "^factory[.]registry[.]example[.]com[.]$"
        match "^database[.]factory[.]registry[.]example[.]com[.]$"
        authority "factory.registry.example.com. 30 IN SOA factory.registry.example.com. hostmaster.factory.registry.example.com. 1 3600 600 86400 30"
        fallthrough
    }
    template IN ANY factory.registry.example.com {
        rcode NXDOMAIN
        authority "factory.registry.example.com. 30 IN SOA factory.registry.example.com. hostmaster.factory.registry.example.com. 1 3600 600 86400 30"
    }
    errors
}`);
    expect(text).toContain(`virginia.registry.example.com {
    forward . 10.0.0.10 10.0.1.10 {
        max_fails 2
        health_check 5s
    }
    cache 30
    errors
}`);
  });

  it('takes a host name with a dot at its end as one', () => {
    const dotted = { ...records, 'database.factory.registry.example.com': ['postgres.example.com.'] };
    expect(unboundConf(plan, 'factory', { records: dotted })).toContain('30 IN CNAME postgres.example.com."');
  });

  it('gives an address for a database that is known by one', () => {
    expect(unboundConf(plan, 'frankfurt', { records })).toContain(
      'local-data: "database.frankfurt.registry.example.com. 30 IN A 10.1.0.7"',
    );
  });

  it('leaves out names of Kraken that lead nowhere yet, as a stack does, and answers for those that do', () => {
    const factory = { ...regions.factory, ...bucket('factory'), cluster: { podCidr: '10.2.128.0/17' } };
    const routed = planTopology(topology(0, { regions: { ...regions, factory }, links: Links.mesh() }));
    expect(routed.records.map(({ name }) => name)).toContain('kraken-origin.factory.registry.example.com');
    for (const text of [unboundConf(routed, 'factory', { records }), corefile(routed, 'factory', { records })])
      expect(text).not.toContain('kraken');
    const origin = { 'kraken-origin.factory.registry.example.com': ['10.2.128.7'] };
    expect(unboundConf(routed, 'factory', { records: { ...records, ...origin } })).toContain(
      'local-data: "kraken-origin.factory.registry.example.com. 30 IN A 10.2.128.7"',
    );
  });

  it('asks resolvers that are known late, and says which are missing', () => {
    const virginia = { ...bucket('virginia'), network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'] }) };
    const late = planTopology(
      topology(0, { regions: { ...regions, virginia }, links: { type: 'hub', region: 'virginia' } }),
    );
    expect(() => unboundConf(late, 'factory', { records })).toThrow(
      'no address of the resolver of region "virginia" is given',
    );
    expect(unboundConf(late, 'factory', { records, resolvers: { virginia: ['10.0.0.2'] } })).toContain(
      'forward-addr: 10.0.0.2',
    );
    const mixed = { ...records, 'factory.registry.example.com': ['10.2.0.80', 'harbor.example.com'] };
    expect(() => unboundConf(plan, 'factory', { records: mixed })).toThrow(
      'factory.registry.example.com: leads to 10.2.0.80, harbor.example.com, not to IPv4 addresses or one host name',
    );
    for (const wrong of ['10.2.0.300', 'fd00::7']) {
      const records = {
        'factory.registry.example.com': [wrong],
        'database.factory.registry.example.com': ['10.2.0.5'],
      };
      expect(() => corefile(plan, 'factory', { records })).toThrow(`leads to ${wrong}, not to IPv4 addresses`);
    }
    expect(() => corefile(plan, 'factory', { records: {} })).toThrow(
      'no address of factory.registry.example.com is given',
    );
  });
});
