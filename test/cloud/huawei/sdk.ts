import { CustomResource, type CustomResourceOptions } from '@pulumi/pulumi';
import { proposal } from '../../../lib/plan/network/crypto';
import type { TunnelConfiguration } from '../../../lib/plan/network/mirror';
import { type Recording, type RecordOptions, type Request, Secret, UNKNOWN } from '../../pulumi/support/mocks';
// Inputs ("!" ends what is required) as `pulumi package get-schema terraform-provider` tells them of commit a0345b8 (2026-08-21) of
// huaweicloud/terraform-provider-huaweicloud.
import generated from './sdk-schema.json';

type Kind = string | readonly Kind[] | { readonly [key: string]: Kind };
type Block = { readonly [key: string]: Kind };
const SCHEMA: Readonly<Record<string, Block>> = generated;

export const CLASSES = Object.keys(SCHEMA);
/** What joins two regions of Huawei Cloud. */
export const PEERING = CLASSES.filter((name) => /^(Cc|VpcPeering|VpcRoute)/.test(name));
const typeOf = (name: string): string => `huaweicloud:index/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`;

/** Classes as an SDK has them: each input is an output, too. */
export const sdk = Object.fromEntries(
  Object.entries(SCHEMA).map(([name, inputs]) => [
    name,
    class extends CustomResource {
      constructor(resource: string, args: object, options?: CustomResourceOptions) {
        const outputs = Object.fromEntries(Object.keys(inputs).map((key) => [key.replace('!', ''), undefined]));
        super(typeOf(name), resource, { ...outputs, ...args }, options);
      }
    },
  ]),
) as never;

/** What Huawei Cloud makes up besides the inputs. */
export const answers: NonNullable<RecordOptions['outputs']> = ({ type, name, inputs }) => {
  switch (type) {
    case typeOf('VpnGateway'):
      return Object.fromEntries(
        [1, 2].map((i) => [`eip${i}`, { id: `EIP ${i}`, ipAddress: `outside address ${i - 1} of ${name}` }]),
      );
    case typeOf('DnsEndpoint'):
      return { ipAddresses: inputs.ipAddresses.map((_: unknown, i: number) => ({ ip: `10.1.${i}.2` })) };
    default:
      return undefined;
  }
};

const asked = (recording: Recording, name: string): readonly Request[] =>
  recording.requests.filter(({ type }) => type === typeOf(name));

export const made = (recording: Recording): readonly Request[] => CLASSES.flatMap((name) => asked(recording, name));

/** What the SDK's types would not take: names that are none, wrong kinds, required inputs that are missing. */
export const mistakes = (recording: Recording): readonly string[] =>
  CLASSES.flatMap((name) => asked(recording, name).flatMap(({ inputs }) => wrong(name, inputs, SCHEMA[name] ?? {})));

function wrong(path: string, value: unknown, kind: Kind | undefined): readonly string[] {
  if (kind === undefined) return [`${path}: is no input`];
  const bare = value instanceof Secret ? value.value : value;
  if (bare === UNKNOWN) return [];
  if (typeof kind === 'string') return typeof bare === kind ? [] : [`${path}: is no ${kind}`];
  if (Array.isArray(kind)) {
    return Array.isArray(bare)
      ? bare.flatMap((one, i) => wrong(`${path}[${i}]`, one, (kind as readonly Kind[])[0]))
      : [`${path}: is no list`];
  }
  if (typeof bare !== 'object' || bare === null || Array.isArray(bare)) return [`${path}: is no object`];
  const block = kind as Block;
  return [
    ...Object.keys(block)
      .filter((key) => key.endsWith('!') && !(key.slice(0, -1) in bare))
      .map((key) => `${path}.${key.slice(0, -1)}: is missing`),
    ...Object.entries(bare).flatMap(([key, one]) => wrong(`${path}.${key}`, one, block[key] ?? block[`${key}!`])),
  ];
}

/** Ends of tunnels as Huawei Cloud was asked for them. */
export function sdkEnds(recording: Recording, region: string, of: string): readonly TunnelConfiguration[] {
  const gateway = recording.find(of, typeOf('VpnGateway'));
  return asked(recording, 'VpnConnection').map(({ name, inputs }): TunnelConfiguration => {
    const peer = asked(recording, 'VpnCustomerGateway').find((one) => `${one.name}-id` === inputs.customerGatewayId);
    const local = String(inputs.tunnelLocalAddress).replace('/30', '');
    const last = Number(local.split('.')[3]);
    const phase = (policy: unknown, use: 'ike' | 'esp'): string => {
      const one = policy as Readonly<Record<string, string>>;
      const words = { encryption: one.encryptionAlgorithm ?? '', integrity: one.authenticationAlgorithm };
      return proposal({ ...words, group: one[use === 'ike' ? 'dhGroup' : 'pfs'] ?? '' }, use);
    };
    if (!(inputs.psk instanceof Secret)) throw new Error(`the key of ${name} is not secret`);
    return {
      tunnel: name.slice(of.length + 1),
      region,
      localOutside: `outside address ${Number(String(inputs.gatewayIp).replace('EIP ', '')) - 1} of ${of}`,
      remoteOutside: String(peer?.inputs.idValue),
      localInside: local,
      remoteInside: String(inputs.tunnelPeerAddress).replace('/30', ''),
      insideCidr: local.replace(/\d+$/, `${last - (last % 4)}/30`),
      localAsn: Number(gateway.inputs.asn),
      remoteAsn: Number(peer?.inputs.asn),
      key: String(inputs.psk.value),
      ike: phase(inputs.ikepolicy, 'ike'),
      esp: phase(inputs.ipsecpolicy, 'esp'),
    };
  });
}
