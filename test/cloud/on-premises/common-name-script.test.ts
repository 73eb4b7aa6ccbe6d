import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commonNameScript } from '../../../lib/cloud/on-premises';
import { Links } from '../../../lib/plan/network/links';
import { planTopology } from '../../../lib/plan/plan';
import { topology } from '../../plan/topologies';
import { regions } from './fixtures';

const plan = planTopology(topology(0, { regions, links: Links.mesh(), dns: { checkFailures: 2 } }));
const HEALTHY = `printf '{"components":[],"status":"healthy"}'; printf '\\n10.0.0.80'; exit 0`;
const fails = (code: number, message: string): string =>
  `printf '\\n'; echo 'curl: (${code}) ${message}' >&2; exit ${code}`;

const folder = mkdtempSync(join(tmpdir(), 'common-name-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the script says and does in some rounds, with programs that stand in for those that it calls; virginia's Harbor is asked as `curl` says. A round ends with `sleep`. */
async function rounds(count: number, curl: string, others = fails(7, 'Failed to connect'), clock?: readonly number[]) {
  const file = (name: string): string => join(folder, name);
  for (const name of ['asked', 'told', 'slept', 'looks', 'date']) rmSync(file(name), { force: true });
  writeFileSync(file('rounds'), '');
  const program = (name: string, text: string): void =>
    writeFileSync(file(name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program(
    'curl',
    `round=$(wc -l < ${file('rounds')})\necho "$round $*" >> ${file('asked')}\ncase "$*" in\n*virginia*) ${curl} ;;\n*) ${others} ;;\nesac`,
  );
  program('unbound-control', `case "$1" in local_data) echo "$2" >> ${file('told')} ;; esac`);
  if (clock !== undefined) {
    program(
      'date',
      `echo look >> ${file('looks')}\nset -- ${clock.join(' ')}\nshift $(($(wc -l < ${file('looks')}) - 1))\necho "$1"`,
    );
  }
  // The end of a round.
  program(
    'sleep',
    `echo "$1" >> ${file('slept')}\necho round >> ${file('rounds')}\n[ $(wc -l < ${file('rounds')}) -lt ${count} ] || kill "$PPID"`,
  );
  writeFileSync(file('script.sh'), commonNameScript(plan, 'factory') ?? '');
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const said = await new Promise<string>((resolve) => {
    execFile('sh', [file('script.sh')], { env, timeout: 20_000 }, (_, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
  const lines = (name: string): readonly string[] =>
    existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim().split('\n') : [];
  expect(lines('rounds')).toHaveLength(count);
  const about = (region: string): readonly string[] => said.split('\n').filter((line) => line.includes(`//${region}.`));
  const asked = lines('asked').filter((line) => line.includes('virginia'));
  return { about, told: lines('told'), asked, slept: lines('slept').map(Number) };
}

const url = 'https://virginia.registry.example.com/api/v2.0/health';

describe('the script that keeps the common name', () => {
  it('trusts the file of the private CA', async () => {
    const { told, asked, about } = await rounds(
      2,
      `case "$*" in *"--cacert /etc/harbor-fleet/ca.crt"*) ${HEALTHY} ;; esac\n${fails(60, 'SSL certificate problem')}`,
    );
    expect(told[0]).toBe('registry.example.com. 30 IN A 10.0.0.80');
    expect(asked).toHaveLength(2);
    expect(about('virginia')).toEqual([]);
  });

  it.each([
    [60, 'SSL certificate problem: unable to get local issuer certificate'],
    [77, 'error setting certificate verify locations'],
  ])('trusts the system’s CAs too, as where a Harbor has a public certificate: curl’s %i', async (code, message) => {
    const { told, about } = await rounds(2, `case "$*" in *--cacert*) ${fails(code, message)} ;; esac\n${HEALTHY}`);
    expect(told[0]).toBe('registry.example.com. 30 IN A 10.0.0.80');
    expect(about('virginia')).toEqual([]);
  });

  it('says once why a region fails, though the words differ each time', async () => {
    const { about, told } = await rounds(
      4,
      fails(28, 'Connection timed out after 500$round milliseconds').replaceAll("'", '"'),
    );
    expect(about('virginia')).toEqual([`${url}: curl: (28) Connection timed out after 5000 milliseconds`]);
    expect(about('frankfurt')).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('asks as often as planned where regions do not answer: all at once, and the time of that counts', async () => {
    const silent = `/bin/sleep 2; ${fails(28, 'Connection timed out')}`;
    const { slept, about } = await rounds(1, silent, silent);
    // Of 10 s; one after the other these three take 6 s. The clock is read in whole seconds.
    expect(slept).toHaveLength(1);
    expect(slept[0]).toBeGreaterThanOrEqual(5);
    expect(slept[0]).toBeLessThanOrEqual(8);
    expect(about('virginia')).toHaveLength(1);
  }, 20_000);

  it.each<[string, readonly number[], readonly number[]]>([
    ['goes on at once where the checks took longer than the time between them', [0, 15, 15, 17], [8]],
    ['waits no longer than planned where the clock is set back', [100, 40], [10]],
  ])('%s', async (_, clock, sleeps) => {
    const { slept, asked } = await rounds(1, HEALTHY, HEALTHY, clock);
    expect(slept).toEqual(sleeps);
    expect(asked).toHaveLength(clock.length / 2);
  });

  it('says when that changes, and when a region is well again', async () => {
    const sick = `printf '{"components":[],"status":"unhealthy"}'; printf '\\n10.0.0.80'; exit 0`;
    const { about } = await rounds(
      6,
      `case $round in 0 | 1) ${fails(60, 'SSL certificate problem')} ;; 2 | 3) ${sick} ;; *) ${HEALTHY} ;; esac`,
    );
    expect(about('virginia').toSorted()).toEqual(
      [
        `${url}: curl: (60) SSL certificate problem`,
        `${url}: says that it is sick`,
        `${url}: is well again`,
      ].toSorted(),
    );
  });
});
