import { proposal } from '../../../lib/plan/network/crypto';
import type { TunnelConfiguration } from '../../../lib/plan/network/mirror';
import type { TopologyPlan } from '../../../lib/plan/plan';
import { type Recording, type RecordOptions, type Request, Secret } from '../../pulumi/support/mocks';

const CONNECTION = 'aws:ec2/vpnConnection:VpnConnection';

/** What AWS makes up for networks besides the inputs. */
export const networkAnswers: NonNullable<RecordOptions['outputs']> = ({ type, name, inputs }) => {
  switch (type) {
    case CONNECTION:
      return {
        tunnel1Address: `first address of ${name}`,
        tunnel2Address: `second address of ${name}`,
        transitGatewayAttachmentId: inputs.transitGatewayId && `attachment of ${name}`,
      };
    case 'aws:route53/zone:Zone':
      return { zoneId: `zone ${inputs.name}` };
    case 'aws:route53/resolverEndpoint:ResolverEndpoint':
      return { ipAddresses: inputs.ipAddresses.map((_: unknown, i: number) => ({ ip: `10.0.${i}.2` })) };
    default:
      return undefined;
  }
};

/** Ends of tunnels as AWS was asked for them, idle ones left out: AWS takes the first host of each range and the peer the second. */
export function awsEnds(recording: Recording, plan: TopologyPlan, region: string, asn: number): TunnelConfiguration[] {
  const tunnels = plan.links.filter(({ between }) => between.includes(region)).flatMap((link) => link.tunnels);
  return recording.requests
    .filter(({ type, name }) => type === CONNECTION && name.startsWith(`registry-${region}/`))
    .flatMap((request) => [end(request, 1), end(request, 2)])
    .filter(({ inputs }) => inputs.PresharedKey !== undefined)
    .map(({ inputs, outside, request }): TunnelConfiguration => {
      const peer = recording.requests.find(
        ({ type, name }) =>
          type === 'aws:ec2/customerGateway:CustomerGateway' && `${name}-id` === request.inputs.customerGatewayId,
      );
      const key = inputs.PresharedKey;
      if (!(key instanceof Secret)) throw new Error(`a key of ${request.name} is no secret`);
      const insideCidr = String(inputs.InsideCidr);
      return {
        tunnel: tunnels.find((tunnel) => tunnel.insideCidr === insideCidr)?.name ?? `no tunnel in ${insideCidr}`,
        region,
        localOutside: outside,
        remoteOutside: String(peer?.inputs.ipAddress),
        localInside: host(insideCidr, 1),
        remoteInside: host(insideCidr, 2),
        insideCidr,
        localAsn: asn,
        remoteAsn: Number(peer?.inputs.bgpAsnExtended ?? peer?.inputs.bgpAsn),
        key: String(key.value),
        ike: proposal(phase(inputs, 1), 'ike'),
        esp: proposal(phase(inputs, 2), 'esp'),
      };
    });
}

/** Settings of one of a connection's tunnels, without its number. */
function end(request: Request, number: 1 | 2) {
  const prefix = `tunnel${number}`;
  const own = Object.entries(request.inputs).filter(([key]) => key.startsWith(prefix));
  return {
    request,
    inputs: Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])),
    outside: `${number === 1 ? 'first' : 'second'} address of ${request.name}`,
  };
}

function phase(inputs: Readonly<Record<string, unknown>>, number: 1 | 2) {
  const only = (key: string): string => {
    const [word, ...more] = inputs[`Phase${number}${key}`] as readonly unknown[];
    if (more.length > 0) throw new Error(`AWS would choose among several of ${key}`);
    return String(word);
  };
  return {
    encryption: only('EncryptionAlgorithms'),
    integrity: only('IntegrityAlgorithms'),
    group: only('DhGroupNumbers'),
  };
}

const host = (cidr: string, number: number): string =>
  cidr.replace(/(\d+)\/30$/, (_, last: string) => `${Number(last) + number}`);
