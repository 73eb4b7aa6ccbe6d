import { ExternalVpnGateway, HaVpnGateway, Router, RouterInterface, RouterPeer, VPNTunnel } from '@pulumi/gcp/compute';
import type { Input } from '@pulumi/pulumi';
import { type CryptoWords, wordsOf } from '../../plan/network/crypto.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { lateMistake } from '../../pulumi/errors.js';
import type { Inputs } from '../../pulumi/inputs.js';
import type { ConnectedTunnel } from '../cloud.js';
import { resourceName } from '../resource-name.js';
import type { VpnGateway } from './cloud-args.js';
import { optionsOf, type Place } from './place.js';

/** A gateway with what its tunnels need. */
export interface Gateway {
  readonly place: Place;
  readonly id: Input<string>;
  readonly outsides: readonly [Input<string>, Input<string>];
  /** Name of the Cloud Router. */
  readonly router: Input<string>;
  /** Ranges that peers learn. */
  readonly announces: readonly string[];
}

/** Where a region's tunnels end: made, or found. */
export function gatewayOf(place: Place, gateway: Inputs<VpnGateway>, { asn, announces }: NetworkPlan): Gateway {
  if (gateway.type === 'existing') {
    const [first = '', second = ''] = gateway.outsideAddresses;
    return { place, id: gateway.gateway, outsides: [first, second], router: gateway.router, announces };
  }
  const { network, project, region, labels } = place;
  const name = resourceName(place.name, 'vpn');
  const made = new HaVpnGateway(
    `${place.name}-vpn`,
    { name, network, project, region, stackType: 'IPV4_ONLY', gatewayIpVersion: 'IPV4', labels },
    optionsOf(place),
  );
  // The hold time is three times that: 60 seconds, and less where the peer wants less.
  const router = new Router(
    `${place.name}-vpn`,
    { name, network, project, region, bgp: { asn, keepaliveInterval: 20 } },
    optionsOf(place),
  );
  const outside = (at: 0 | 1): Input<string> =>
    made.vpnInterfaces.apply((interfaces) => {
      const address = interfaces.find(({ id }) => id === at)?.ipAddress;
      if (address !== undefined) return address;
      throw lateMistake(
        `Google Cloud gave the gateway of ${place.name} no outside address ${at}: run pulumi up --refresh`,
      );
    });
  return { place, id: made.selfLink, outsides: [outside(0), outside(1)], router: router.name, announces };
}

const REDUNDANCY: Readonly<Record<number, string>> = {
  1: 'SINGLE_IP_INTERNALLY_REDUNDANT',
  2: 'TWO_IPS_REDUNDANCY',
  4: 'FOUR_IPS_REDUNDANCY',
};

/** This end of all tunnels of a link: the peer's addresses, and for each tunnel a BGP session. */
export function connectLink(gateway: Gateway, tunnels: readonly ConnectedTunnel[]): void {
  const { place } = gateway;
  const [first] = tunnels;
  if (first === undefined) return;
  const outsides = [...new Map(tunnels.map(({ peer, peerOutside }) => [peer.outside, peerOutside]))].sort(
    ([a], [b]) => a - b,
  );
  const name = `${place.name}-${first.link.name}`;
  const external = new ExternalVpnGateway(
    name,
    {
      name: resourceName(name),
      project: place.project,
      redundancyType: REDUNDANCY[outsides.length],
      interfaces: outsides.map(([, ipAddress], id) => ({ id, ipAddress })),
      labels: place.labels,
    },
    optionsOf(place),
  );
  for (const tunnel of tunnels) {
    const peerInterface = outsides.findIndex(([outside]) => outside === tunnel.peer.outside);
    connectTunnel(gateway, tunnel, external.selfLink, peerInterface);
  }
}

function connectTunnel(
  { place, id, router, announces }: Gateway,
  { link, tunnel, own, peer, key }: ConnectedTunnel,
  peerGateway: Input<string>,
  peerInterface: number,
): void {
  const { project, region, labels } = place;
  const name = `${place.name}-${tunnel.name}`;
  const common = { name: resourceName(name), project, region };
  const made = new VPNTunnel(
    name,
    {
      ...common,
      labels,
      vpnGateway: id,
      vpnGatewayInterface: own.outside,
      peerExternalGateway: peerGateway,
      peerExternalGatewayInterface: peerInterface,
      sharedSecret: key,
      ikeVersion: 2,
      router,
      cipherSuite: cipherSuite(wordsOf('gcp', link)),
    },
    optionsOf(place),
  );
  const routerInterface = new RouterInterface(
    name,
    { ...common, router, ipRange: `${own.inside}/30`, vpnTunnel: made.name },
    optionsOf(place),
  );
  new RouterPeer(
    name,
    {
      ...common,
      router,
      interface: routerInterface.name,
      ipAddress: own.inside,
      peerIpAddress: peer.inside,
      peerAsn: peer.asn,
      // Peers of a router that others use too learn this region's ranges alone.
      advertiseMode: 'CUSTOM',
      advertisedGroups: [],
      advertisedIpRanges: announces.map((range) => ({ range })),
    },
    optionsOf(place),
  );
}

/** Exactly one cipher for each role, as Google advises: no rekeying changes what fits into a packet. */
function cipherSuite({ ike, esp }: CryptoWords) {
  const one = (word: string | undefined): string[] | undefined => (word === undefined ? undefined : [word]);
  return {
    phase1: {
      encryptions: [ike.encryption],
      integrities: one(ike.integrity),
      prves: one(ike.prf),
      dhs: [ike.group],
    },
    phase2: { encryptions: [esp.encryption], integrities: one(esp.integrity), pfs: [esp.group] },
  };
}
