import { Links } from '../../lib/plan/network/links';
import { Network } from '../../lib/plan/network/networks';
import { planTopology } from '../../lib/plan/plan';
import { bucket, topology } from '../plan/topologies';
import { DataCentres } from './support/data-centres';
import { ensurePrograms } from './support/packages';
import { eventually, run } from './support/process';

/** One data centre has two outside addresses, so two tunnels to each other; the others have one between them. */
const plan = (keyRotation = 0) =>
  planTopology(
    topology(0, {
      regions: Object.fromEntries(
        ['a', 'b', 'c'].map((name, i) => [
          name,
          {
            ...bucket(name),
            network: Network.onPremises({
              cidrs: [`10.${i + 1}.0.0/16`],
              publicIps: i === 0 ? ['198.51.100.1', '198.51.100.2'] : [`198.51.100.1${i}`],
              resolvers: [`10.${i + 1}.0.53`],
            }),
          },
        ]),
      ),
      links: Links.mesh({
        links: [
          { between: ['a', 'b'], keyRotation },
          { between: ['b', 'c'], crypto: 'strong' },
        ],
      }),
    }),
  );

const PROPOSALS = {
  common: 'AES_CBC-256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
  strong: 'AES_GCM_16-256/PRF_HMAC_SHA2_384/ECP_384',
};
const PROGRAMS = {
  bird: 'bird2',
  nft: 'nftables',
  swanctl: 'strongswan-swanctl',
  unbound: 'unbound',
  dig: 'bind9-dnsutils',
};
const PACKAGES = ['strongswan-charon', 'libcharon-extra-plugins', 'libstrongswan-extra-plugins'];

const sites = new DataCentres(plan());

beforeAll(async () => {
  await ensurePrograms(PROGRAMS, PACKAGES);
  await sites.up();
  const serve = (port: number) => `require('net').createServer((s)=>s.on('error',()=>{}).pipe(s)).listen(${port})`;
  for (const { name } of sites.plan.regions) {
    for (const port of [443, 5432]) sites.start(sites.host(name), ['node', '-e', serve(port)]);
  }
});
afterAll(() => sites.down());

describe('three data centres', () => {
  it('all tunnels come up with the planned encryption', async () => {
    for (const router of sites.routers) {
      const link = sites.plan.links.find(({ tunnels }) => tunnels.some(({ name }) => name === router.name));
      const wanted = PROPOSALS[link?.crypto ?? 'common'];
      await eventually(
        async () => {
          const said = await sites.swanctl(router, '--list-sas');
          return said.includes('ESTABLISHED') && said.includes(wanted) && said.includes('INSTALLED') ? said : undefined;
        },
        {
          what: `${router.name} at ${router.region}`,
          timeoutMs: 60_000,
          explain: () => sites.swanctl(router, '--list-sas'),
        },
      );
    }
    expect(sites.routers).toHaveLength(10);
  });

  it('all BGP sessions come up, and each site learns the ranges of the others', async () => {
    for (const router of sites.routers) {
      await eventually(
        async () => {
          const said = await sites.birdc(router, 'show', 'protocols');
          const sessions = said.split('\n').filter((line) => / BGP /.test(line));
          return sessions.length > 1 && sessions.every((line) => line.includes('Established')) ? said : undefined;
        },
        {
          what: `BGP at ${router.namespace}`,
          timeoutMs: 90_000,
          explain: () => sites.birdc(router, 'show', 'protocols'),
        },
      );
    }
    const routes = await sites.in(sites.host('a'), 'ip', 'route');
    expect(routes).toMatch(/^10\.2\.0\.0\/16 /m);
    expect(routes).toMatch(/^10\.3\.0\.0\/16 /m);
  });

  it('planned uses pass between all sites, others do not', async () => {
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'a'],
      ['b', 'c'],
      ['c', 'a'],
    ] as const) {
      await eventually(async () => ((await sites.connects(from, to, 443)) ? true : undefined), {
        what: `443 from ${from} to ${to}`,
        timeoutMs: 30_000,
      });
      expect([from, to, await sites.connects(from, to, 5432)]).toEqual([from, to, false]);
    }
    // The port is open, just not over links.
    expect(await sites.connects('b', 'b', 5432)).toBe(true);
  });

  it('private names of each site resolve in the others', async () => {
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ] as const) {
      const ask = ['dig', '+short', '+time=2', '+tries=1', `@${sites.lan(from)}`, `${to}.registry.example.com`];
      await eventually(
        async () => ((await sites.in(sites.host(from), ...ask)).trim() === sites.lan(to) ? true : undefined),
        { what: `${to} asked in ${from}`, timeoutMs: 30_000 },
      );
    }
  });

  it('keys are replaced tunnel by tunnel without a lost connection', async () => {
    const next = plan(1);
    const [first, second] = next.links.find(({ name }) => name === 'a--b')?.tunnels ?? [];
    expect([first?.key.generation, second?.key.generation]).toEqual([2, 1]);
    const lasting = `const s=require('net').connect(443,'${sites.lan('b')}');let n=0;s.on('data',()=>n++);s.on('error',()=>process.exit(1));s.on('close',()=>process.exit(1));const t=setInterval(()=>s.write('x'),200);setTimeout(()=>process.exit(n>20?0:2),40000)`;
    const connection = run('ip', ['netns', 'exec', sites.host('a'), 'node', '-e', lasting], { timeoutMs: 60_000 });
    await sites.rekey('a--b-1', next);
    const router = sites.routers.find(({ name }) => name === 'a--b-1');
    if (router === undefined) throw new Error('no router');
    await eventually(
      async () => ((await sites.swanctl(router, '--list-sas')).includes('ESTABLISHED') ? true : undefined),
      { what: 'the tunnel with its new key', timeoutMs: 60_000 },
    );
    await connection;
  });

  it('a tunnel that dies is gone around within the hold time', async () => {
    const dead = sites.routers.filter(({ name }) => name === 'b--c-1');
    for (const { charon } of dead) charon?.kill('SIGSTOP');
    const began = Date.now();
    expect(await sites.connects('b', 'c', 443)).toBe(false);
    await eventually(async () => ((await sites.connects('b', 'c', 443)) ? true : undefined), {
      what: 'the way around over a',
      timeoutMs: 60_000,
    });
    const seconds = (Date.now() - began) / 1000;
    console.log(`b reached c again after ${seconds.toFixed(1)} s (hold time 30 s)`);
    expect(seconds).toBeLessThan(45);
  });
});
