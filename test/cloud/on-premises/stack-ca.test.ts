import { onPremises } from '../../../lib/cloud/on-premises/pulumi';
import { Network, Tls } from '../../../lib/index';
import type { TopologyArgs } from '../../../lib/pulumi/index';
import { known } from '../../pulumi/support/mocks';
import { outputs } from '../all-clouds';
import { deploy } from '../linked';

jest.setTimeout(60_000);

const site = (i: number, tls?: Tls) => ({
  tls,
  network: Network.onPremises({
    cidrs: [`10.${i}.0.0/16`],
    publicIps: [`198.51.100.${i}`],
    resolvers: [`10.${i}.0.53`],
  }),
  cloud: onPremises(),
});
const ours = '-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n';
const open = Tls.certManager({ issuer: 'letsencrypt' });

/** The files of `factory` in a stack, what it warned of, and its topology. */
async function deployed(tls: Readonly<Record<string, Tls>>, more: Partial<TopologyArgs> = {}) {
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  const [recording, topology] = await deploy(
    () => ({ factory: site(1, tls.factory), harbour: site(2, tls.harbour), mine: site(3, tls.mine) }),
    { dns: {}, ...more },
    { outputs },
  );
  const warnings = warned.mock.calls
    .map(([text]) => String(text))
    .filter((text) => text.includes('certificateAuthority'));
  warned.mockRestore();
  const files: Readonly<Record<string, string>> = await known(topology.files.factory as never);
  return {
    files,
    warnings,
    topology,
    authorities: recording.requests.filter(({ type }) => /SelfSignedCert/.test(type)),
  };
}

describe('the CA beside common-name.sh in a stack', () => {
  it('is the one that the stack made', async () => {
    const { files, topology, warnings } = await deployed({});
    expect(files['ca.crt']).toBe(await known(topology.ca as never));
    expect(files['ca.crt']).toContain('BEGIN CERTIFICATE');
    expect(files['common-name.sh']).toContain("--cacert '/etc/harbor-fleet/ca.crt'");
    expect(warnings).toEqual([]);
  });

  it('is that of other regions too, also where this one has a public certificate', async () => {
    const { files, authorities } = await deployed({
      factory: open,
      harbour: Tls.certManager({ issuer: 'o', ca: ours }),
    });
    expect(files['ca.crt']).toContain(ours);
    expect(files['ca.crt']?.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(authorities).toHaveLength(1);
  });

  const others = {
    only: ['factory'],
    networks: { harbour: { outsides: {}, resolvers: ['10.2.0.53'] }, mine: { outsides: {}, resolvers: ['10.3.0.53'] } },
  };

  it('is the one that another stack handed over', async () => {
    const certificateAuthority = { certificate: ours, privateKey: 'k' };
    const { files, authorities } = await deployed({ factory: open }, { ...others, certificateAuthority });
    expect(files['ca.crt']).toBe(ours);
    expect(authorities).toEqual([]);
  });

  it('is left to the team, with a warning, where no certificate of this stack comes from it', async () => {
    const { files, authorities, warnings } = await deployed({ factory: open }, others);
    expect(files['ca.crt']).toBeUndefined();
    expect(files['common-name.sh']).toContain("--cacert '/etc/harbor-fleet/ca.crt'");
    expect(authorities).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('is not given, so factory has no file of the private CA');
  });

  it('is nothing where all certificates are public', async () => {
    const { files, authorities, warnings } = await deployed({ factory: open, harbour: open, mine: open });
    expect(files['common-name.sh']).not.toContain('--cacert');
    expect([files['ca.crt'], authorities, warnings]).toEqual([undefined, [], []]);
  });
});
