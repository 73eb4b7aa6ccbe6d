import { all, type Input, type Output, output, secret } from '@pulumi/pulumi';
import type { TunnelPlan } from '../plan/network/links.js';
import type { Answer } from '../plan/network/records.js';
import type { TopologyPlan } from '../plan/plan.js';
import { toldLate } from '../pulumi/errors.js';
import { answerOf } from './answers.js';
import type { AnsweredRecord, CloudNetwork, CloudSite, ConnectedTunnel, ForwardTarget, PeeredLink } from './cloud.js';

/** What files of a region are written from, once it is known. */
export interface LateValues {
  /** Pre-shared keys by name of the tunnel's key. */
  readonly keys: Readonly<Record<string, string>>;
  /** Outside addresses of peers by region, in the order of the plan; empty texts where no tunnel leads. */
  readonly outsideAddresses: Readonly<Record<string, readonly string[]>>;
  /** What private names lead to. */
  readonly records: Readonly<Record<string, Answer>>;
  /** Addresses of resolvers by region. */
  readonly resolvers: Readonly<Record<string, readonly string[]>>;
}

/** As {@link LateValues}, each by itself late. */
export interface GatheredValues {
  readonly keys: Readonly<Record<string, Output<string>>>;
  readonly outsideAddresses: Readonly<Record<string, readonly Input<string>[]>>;
  readonly records: Readonly<Record<string, Output<Answer>>>;
  readonly resolvers: Readonly<Record<string, Input<readonly string[]>>>;
}

/** What a region's network is told while it is made, as far as it was told. */
export class Gathered {
  private readonly tunnels = new Set<string>();
  private readonly keys: Record<string, Output<string>> = {};
  private readonly outsides: Record<string, Input<string>[]> = {};
  private readonly records: Record<string, Output<Answer>> = {};
  private readonly asked: Record<string, Input<readonly string[]>> = {};

  constructor(readonly site: CloudSite) {}

  connect(tunnels: readonly ConnectedTunnel[]): void {
    for (const { tunnel, peer, peerOutside, key } of tunnels) {
      this.tunnels.add(tunnel.name);
      this.keys[tunnel.key.name] = key;
      const addresses = this.outsides[peer.region] ?? [];
      this.outsides[peer.region] = addresses;
      while (addresses.length < peer.outside) addresses.push('');
      addresses[peer.outside] = peerOutside;
    }
  }

  answer(records: readonly AnsweredRecord[]): void {
    for (const answered of records) this.records[answered.record.name] = answerOf(answered);
  }

  forward(forwards: readonly ForwardTarget[]): void {
    for (const { forward, resolvers } of forwards) this.asked[forward.region] = resolvers;
  }

  /** The values as of now. */
  get values(): GatheredValues {
    return { keys: this.keys, outsideAddresses: this.outsides, records: this.records, resolvers: this.asked };
  }

  /** The plan with no more of the region than is known. */
  get plan(): TopologyPlan {
    const { plan, region } = this.site;
    return {
      ...plan,
      links: plan.links.map((link) =>
        link.between.includes(region.name)
          ? { ...link, tunnels: link.tunnels.filter(({ name }) => this.tunnels.has(name)) }
          : link,
      ),
      records: plan.records.filter(
        ({ scope, target, name }) => scope !== 'private' || target.region !== region.name || name in this.records,
      ),
      regions: plan.regions.map((one) =>
        one.name !== region.name || one.network === undefined
          ? one
          : {
              ...one,
              network: {
                ...one.network,
                forwards: one.network.forwards.filter((forward) => forward.region in this.asked),
              },
            },
      ),
    };
  }
}

/**
 * A network that no SDK makes: what it is told is gathered, and written as files when all of it is known. What it was not told yet, such as
 * a tunnel to a region of another stack that has no address so far, is not in them.
 */
export abstract class GatheredNetwork<Settings = undefined> extends Gathered implements CloudNetwork {
  abstract readonly resolvers: Input<readonly string[]>;
  abstract outside(tunnel: TunnelPlan): Input<string>;
  /** Its own settings, which may be late too. */
  protected abstract readonly settings: Input<Settings>;
  /** @param plan with no more of the region than is known */
  protected abstract write(
    plan: TopologyPlan,
    values: LateValues,
    settings: Settings,
  ): Readonly<Record<string, string>>;

  peer([first]: readonly PeeredLink[]): void {
    if (first !== undefined) throw new Error(`link ${first.link.name}: files hold no peering`);
  }

  /** The files as of what was gathered by now. */
  get files(): Output<Readonly<Record<string, string>>> {
    return secret(
      all([output(this.values), this.settings] as const).apply(([values, settings]) =>
        toldLate(this.site.path, () => this.write(this.plan, values as LateValues, settings as Settings)),
      ),
    );
  }
}
