import { isDeepStrictEqual } from 'node:util';
import { partyName } from '../../lib/plan/flows';
import { planTopology, regionOf, type TopologyProps } from '../../lib/plan/plan';
import fc from '../support/properties';
import { bucket, KRAKEN_IMAGE, oneRegion, topologies, topology, twoRegions } from './topologies';

const frozen = (value: unknown): boolean =>
  value === null || typeof value !== 'object' || (Object.isFrozen(value) && Object.values(value).every(frozen));

describe('planTopology', () => {
  it('gives a region its own name beside the common one', () => {
    const plan = planTopology(twoRegions({}, {}));
    expect(plan.regions.map((region) => region.hostname)).toEqual([
      'virginia.registry.example.com',
      'hangzhou.registry.example.com',
    ]);
    expect(plan.regions[0]?.harbors[0]).toMatchObject({
      domain: 'registry.example.com',
      aliases: ['virginia.registry.example.com'],
      url: 'https://registry.example.com',
    });
  });

  it('answers to both names with a single region too', () => {
    expect(planTopology(topology(1)).regions[0]?.harbors[0]?.aliases).toEqual(['region-0.registry.example.com']);
  });

  it('sends nodes to their agent, to their own region, then to the others in the order given', () => {
    const plan = planTopology(topology(3));
    const hosts = plan.regions.map((region) => region.nodeMirrors[0]?.hosts.map((host) => host.name));
    expect(hosts).toEqual([
      ['agent', 'region region-0', 'region region-1', 'region region-2'],
      ['agent', 'region region-1', 'region region-0', 'region region-2'],
      ['agent', 'region region-2', 'region region-0', 'region region-1'],
    ]);
    expect(plan.regions[1]?.nodeMirrors[0]).toMatchObject({
      domain: 'registry.example.com',
      server: 'https://registry.example.com',
      hosts: [
        { url: 'http://127.0.0.1:16000' },
        { url: 'https://region-1.registry.example.com', privateCa: true },
        {},
        {},
      ],
    });
  });

  it('sends nodes of a single region to their agent and then to its one Harbor', () => {
    const [mirror] = planTopology(topology(1)).regions[0]?.nodeMirrors ?? [];
    expect(mirror?.hosts.map((host) => host.name)).toEqual(['agent']);
    expect(mirror?.server).toBe('https://registry.example.com');
  });

  it('lets nodes reach the Harbors of all regions, in the table of flows too', () => {
    const plan = planTopology(twoRegions({}, { tls: { type: 'none' } }));
    const pulls = plan.regions[0]?.flows.filter((flow) => flow.purpose.startsWith('image pulls by the name'));
    expect(pulls?.map((flow) => [partyName(flow.from), flow.to, flow.port])).toEqual([
      ['nodes', { kind: 'external', host: 'virginia.registry.example.com', name: 'regional Harbors' }, 443],
      ['nodes', { kind: 'external', host: 'hangzhou.registry.example.com', name: 'regional Harbors' }, 80],
    ]);
  });

  it('leaves the nodes alone where there is nothing to tell them', () => {
    expect(planTopology(oneRegion({ kraken: false })).regions[0]?.nodeMirrors).toEqual([]);
    expect(planTopology(oneRegion({ nodeMirror: false })).regions[0]?.nodeMirrors).toEqual([]);
    expect(planTopology(oneRegion({ kraken: false, nodeMirror: {} })).regions[0]?.nodeMirrors).toHaveLength(1);
  });

  it('hands each Kraken the projects that its region has and peers may serve', () => {
    const plan = planTopology(
      twoRegions(
        {},
        {},
        {
          projects: {
            library: { home: 'virginia', public: true, replicateTo: 'all' },
            payments: { home: 'virginia', replicateTo: ['hangzhou'], confidential: true },
            machines: { home: 'virginia' },
            quiet: { home: 'hangzhou', peerToPeer: false },
          },
        },
      ),
    );
    expect(plan.regions.map((region) => region.krakens[0]?.projects)).toEqual([['library', 'machines'], ['library']]);
  });

  it('plans library for all regions when no project is named', () => {
    expect(planTopology(topology(3)).projects).toEqual([
      {
        name: 'library',
        public: true,
        home: 'region-0',
        replicateTo: ['region-1', 'region-2'],
        peerToPeer: true,
        confidential: false,
      },
    ]);
  });

  it('makes the namespaces, and lets only those touch nodes that must', () => {
    expect(planTopology(topology(1)).regions[0]?.namespaces).toEqual([
      { name: 'harbor', podSecurity: 'restricted' },
      { name: 'kraken', podSecurity: 'restricted' },
      { name: 'kraken-nodes', podSecurity: 'privileged' },
    ]);
  });

  it('plans tenants as Harbors of their own, with a Kraken only when asked', () => {
    const acme = { domain: 'acme.example.com', ...bucket('acme') };
    const beta = {
      domain: 'beta.example.com',
      ...bucket('beta'),
      kraken: { ports: { agent: 17_000 } },
      namespace: 'b',
    };
    const region = planTopology(oneRegion({ tenants: { acme, beta } })).regions[0];
    expect(region?.harbors.map(({ instance, namespace, url }) => [instance, namespace, url])).toEqual([
      ['harbor', 'harbor', 'https://registry.example.com'],
      ['acme', 'acme', 'https://acme.example.com'],
      ['beta', 'b', 'https://beta.example.com'],
    ]);
    expect(region?.krakens.map(({ instance, agentPort, projects }) => [instance, agentPort, projects])).toEqual([
      ['kraken', 16_000, ['library']],
      ['beta-kraken', 17_000, 'all'],
    ]);
    expect(region?.nodeMirrors.map(({ domain }) => domain)).toEqual(['registry.example.com', 'beta.example.com']);
  });

  it('sends nodes to the same tenant of other regions', () => {
    const acme = (region: string) => ({
      tenants: { acme: { domain: 'acme.example.com', ...bucket(`acme-${region}`) } },
    });
    const plan = planTopology(twoRegions(acme('v'), acme('h')));
    const mirror = plan.regions[1]?.nodeMirrors.find(({ domain }) => domain === 'acme.example.com');
    expect(mirror?.hosts.map((host) => host.url)).toEqual([
      'https://hangzhou.acme.example.com',
      'https://virginia.acme.example.com',
    ]);
  });

  it('takes defaults below each region, single settings too', () => {
    const plan = planTopology(
      twoRegions(
        { cluster: { kubernetes: '1.36' } },
        { metrics: false },
        {
          defaults: { metrics: true, cluster: { kubernetes: '1.33', podCidr: undefined, containerd: '2.3' } },
          version: '2.14.4',
          images: { kraken: KRAKEN_IMAGE, harbor: 'mirror.example.com/goharbor', pullSecrets: ['pull'] },
        },
      ),
    );
    expect(plan.regions.map((region) => region.cluster)).toEqual([
      { kubernetes: '1.36', containerd: '2.3' },
      { kubernetes: '1.33', containerd: '2.3' },
    ]);
    expect(plan.regions.map((region) => region.harbors[0]?.metrics)).toEqual([true, false]);
    expect(plan.regions[0]?.harbors[0]).toMatchObject({
      version: '2.14.4',
      images: { core: 'mirror.example.com/goharbor/harbor-core:v2.14.4' },
      imagePullSecrets: ['pull'],
    });
    expect(plan.regions[0]?.krakens[0]?.imagePullSecrets).toEqual(['pull']);
  });

  it('gives tenants the images and the version of their region', () => {
    const acme = { domain: 'acme.example.com', ...bucket('acme') };
    const plan = planTopology(
      oneRegion({ images: { prefix: 'near.example.com/h' }, version: '2.14.4', tenants: { acme } }),
    );
    expect(plan.regions[0]?.harbors[1]?.images.core).toBe('near.example.com/h/harbor-core:v2.14.4');
  });

  it('hands nodes the CAs of all regions when they are texts', () => {
    const ca = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;
    const tls = (text: string) => ({ tls: { type: 'existingSecret', name: 'tls', ca: ca(text) } });
    const plan = planTopology(twoRegions(tls('one'), tls('two')));
    expect(plan.regions[0]?.nodeMirrors[0]?.ca).toEqual({ from: 'text', pem: `${ca('one')}\n${ca('two')}\n` });
    expect(plan.warnings).toEqual([]);
  });

  it('warns where nodes cannot be handed the CAs of all regions', () => {
    const ca = '-----BEGIN CERTIFICATE-----\none\n-----END CERTIFICATE-----';
    const plan = planTopology(twoRegions({ tls: { type: 'existingSecret', name: 'tls', ca } }, {}));
    expect(plan.regions[0]?.nodeMirrors[0]?.ca).toEqual({ from: 'text', pem: ca });
    expect(plan.regions[1]?.nodeMirrors[0]?.ca).toEqual({ from: 'secrets' });
    expect(plan.warnings.map(({ path }) => path)).toEqual(['regions.virginia.tls', 'regions.hangzhou.tls']);
  });

  it('names an object once that two installations read', () => {
    const props = { storage: { ...bucket('a').storage, credentialsSecret: 'shared' }, namespace: 'same' };
    const acme = {
      domain: 'acme.example.com',
      storage: { ...bucket('b').storage, credentialsSecret: 'shared' },
      namespace: 'same',
    };
    const secrets = planTopology(oneRegion({ ...props, tenants: { acme } })).regions[0]?.secrets ?? [];
    expect(secrets.filter(({ name }) => name === 'shared')).toHaveLength(1);
  });

  it('names the pull Secrets in every namespace that pulls', () => {
    const images = { kraken: KRAKEN_IMAGE, pullSecrets: ['pull'] };
    const secrets = planTopology(topology(1, { images })).regions[0]?.secrets ?? [];
    expect(
      secrets.filter(({ name }) => name === 'pull').map(({ namespace, type, source }) => [namespace, type, source]),
    ).toEqual(
      ['harbor', 'kraken', 'kraken-nodes'].map((namespace) => [
        namespace,
        'kubernetes.io/dockerconfigjson',
        'existing',
      ]),
    );
  });

  it('leaves room for what follows', () => {
    expect(planTopology(topology(1))).toMatchObject({ kind: 'Topology', links: [], records: [] });
  });

  it('does not freeze what it was given', () => {
    const annotations = { team: 'platform' };
    const props = oneRegion({ exposure: { type: 'loadBalancer', annotations } });
    const plan = planTopology(props);
    expect(plan.regions[0]?.harbors[0]?.exposure).toMatchObject({ annotations: { team: 'platform' } });
    expect(Object.isFrozen(annotations)).toBe(false);
  });

  it('plans a hundred regions', () => {
    const plan = planTopology(topology(100));
    expect(plan.regions).toHaveLength(100);
    expect(plan.regions[99]?.nodeMirrors[0]?.hosts).toHaveLength(101);
  });

  it('is frozen, loses nothing as JSON, and is the same again from the same props', () => {
    fc.assert(
      fc.property(topologies, (props) => {
        const plan = planTopology(props);
        expect(frozen(plan)).toBe(true);
        expect(isDeepStrictEqual(JSON.parse(JSON.stringify(plan)), plan)).toBe(true);
        // Compared as texts, so that the order of keys counts too.
        expect(JSON.stringify(planTopology(structuredClone(props))) === JSON.stringify(plan)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('has no key without a value', () => {
    fc.assert(
      fc.property(topologies, (props) => {
        const holes = (value: unknown): boolean =>
          value !== null &&
          typeof value === 'object' &&
          Object.values(value).some((item) => item === undefined || holes(item));
        expect(holes(planTopology(props))).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('names only pods of its own namespaces in flows, and no flow twice', () => {
    fc.assert(
      fc.property(topologies, (props) => {
        for (const region of planTopology(props).regions) {
          const namespaces = region.namespaces.map(({ name }) => name);
          const parties = region.flows.flatMap((flow) => [flow.from, flow.to]);
          const strangers = parties.filter((party) => party.kind === 'pods' && !namespaces.includes(party.namespace));
          expect(strangers).toEqual([]);
          const texts = region.flows.map((flow) => JSON.stringify(flow));
          expect(new Set(texts).size).toBe(texts.length);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('decides the same whatever order the settings are written in', () => {
    const reversed = (value: unknown): unknown =>
      value === null || typeof value !== 'object' || Array.isArray(value)
        ? value
        : Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, item]) => [key, reversed(item)]),
          );
    fc.assert(
      fc.property(topologies, (props) => {
        // The order of regions is the order in which nodes ask them: that one order means something.
        const other = { ...(reversed(props) as TopologyProps), regions: props.regions, projects: props.projects };
        const regions = Object.entries(props.regions).map(([name, region]) => [name, reversed(region)]);
        const [a, b] = [planTopology(props), planTopology({ ...other, regions: Object.fromEntries(regions) })];
        const sorted = (names: readonly string[]): string[] => [...names].sort();
        for (const [i, region] of a.regions.entries()) {
          const twin = b.regions[i];
          expect(twin?.namespaces).toEqual(region.namespaces);
          expect(sorted(twin?.secrets.map((secret) => secret.name) ?? [])).toEqual(
            sorted(region.secrets.map((s) => s.name)),
          );
          expect(sorted(twin?.harbors.map(({ url, namespace }) => url + namespace) ?? [])).toEqual(
            sorted(region.harbors.map(({ url, namespace }) => url + namespace)),
          );
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('regionOf', () => {
  it('finds a region, or says which there are', () => {
    const plan = planTopology(topology(2));
    expect(regionOf(plan, 'region-1').name).toBe('region-1');
    expect(() => regionOf(plan, 'region-2')).toThrow(
      'no region "region-2" in this topology; there are: region-0, region-1',
    );
    expect(() => regionOf(planTopology(topology(1)), 'x')).toThrow('there is: region-0');
  });
});
