import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corefile, dataCentreFiles, unboundConf } from '../../../lib/cloud/on-premises';
import { regionOf, type TopologyPlan } from '../../../lib/plan/plan';
import { run } from './process';
import { cloudOutsides, keyOf } from './router-files';

/** A certificate of every region's Harbor, which is its own CA. */
export async function makeCertificate(folder: string, domain: string): Promise<void> {
  const names = `subjectAltName=DNS:${domain},DNS:*.${domain}`;
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'ca.pem')];
  await run('openssl', ['req', '-x509', ...key, '-days', '1', '-subj', `/CN=${domain}`, '-addext', names, ...files]);
}

/**
 * A server on port 443 that echoes, and answers TLS as Harbor answers for its health: always with 200, the truth in the body. It is sick while
 * the file `sick` is there, and writes a dot into it for each time that it says so.
 */
export const server = (folder: string, certificates: string): string => `
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const health = require('node:https').createServer(
  { key: readFileSync('${certificates}/key.pem'), cert: readFileSync('${certificates}/ca.pem') },
  (_, answer) => {
    const isSick = existsSync('${folder}/sick');
    if (isSick) appendFileSync('${folder}/sick', '.');
    const status = isSick ? 'unhealthy' : 'healthy';
    answer.end('{"components":[{"name":"core","status":"healthy"}],"status":"' + status + '"}');
  },
);
require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  socket.once('readable', () => {
    const first = socket.read();
    if (first === null) return;
    socket.unshift(first);
    if (first[0] === 0x16) health.emit('connection', socket);
    else socket.pipe(socket);
  });
}).listen(443);
`;

/** The site that gives its database's address; others give its name. */
const WITH_ADDRESS = 'a';

/** The site's own name of its database server. */
export const siteDatabase = (region: string): string => `postgres.${region}.example.org`;

/**
 * Configuration of a LAN's host: BGP with the site's routers, and the region's resolver, controlled over a socket, as a data centre's files say.
 *
 * @param ca PEM of the CA of Harbors' certificates
 */
export function writeHost(
  folder: string,
  plan: TopologyPlan,
  region: string,
  lan: string,
  routers: readonly string[],
  ca: string,
): void {
  const { network } = regionOf(plan, region);
  const sessions = routers.map(
    (router, i) =>
      `protocol bgp r${i} { local ${lan} as ${network?.asn}; neighbor ${router} as ${network?.asn}; hold time 30; ipv4 { import all; export none; }; }`,
  );
  const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  file(
    'bird.conf',
    `router id ${lan};\nprotocol device {}\nprotocol direct { ipv4; }\nprotocol kernel { merge paths yes; ipv4 { import none; export where source = RTS_BGP; }; }\n${sessions.join('\n')}\n`,
  );
  const records = plan.records.filter(
    ({ target }) => target.region === region && (target.host === undefined || region === WITH_ADDRESS),
  );
  const addresses = { records: Object.fromEntries(records.map(({ name }) => [name, [lan]])) };
  const files: Readonly<Record<string, string>> =
    network?.type === 'onPremises'
      ? dataCentreFiles(
          plan,
          region,
          { ...addresses, keyOf, ca, outsideAddresses: cloudOutsides(plan) },
          { commonName: { caFile: join(folder, 'ca.crt'), control: `unbound-control -c ${folder}/unbound.conf` } },
        )
      : { 'unbound.conf': unboundConf(plan, region, addresses), Corefile: corefile(plan, region, addresses) };
  file('names.conf', files['unbound.conf'] ?? '');
  file('names.corefile', files.Corefile ?? '');
  for (const name of ['common-name.sh', 'ca.crt']) file(name, files[name] ?? '');
  // What the site's resolver knows besides.
  file(
    'site.zone',
    `@ 60 IN SOA @ hostmaster 1 3600 600 86400 60\n@ 60 IN NS ns\nns 60 IN A ${lan}\npostgres 60 IN A ${lan}\n`,
  );
  file(
    'Corefile',
    `import names.corefile\n. {\n    template IN A ${siteDatabase(region)} {\n        answer "{{ .Name }} 60 IN A ${lan}"\n    }\n    errors\n}\n`,
  );
  // As many resolvers of sites it takes no private addresses but of names that it is told.
  file(
    'unbound.conf',
    `server:\n    interface: 0.0.0.0\n    access-control: 0.0.0.0/0 allow\n    do-not-query-localhost: no\n    chroot: ""\n    username: ""\n    pidfile: "${folder}/unbound.pid"\n    use-syslog: no\n    private-address: 10.0.0.0/8\nauth-zone:\n    name: ${region}.example.org.\n    zonefile: ${folder}/site.zone\ninclude: "${folder}/names.conf"\nremote-control:\n    control-enable: yes\n    control-interface: ${folder}/unbound.ctl\n`,
  );
  file('resolv.conf', `nameserver ${lan}\n`);
}
