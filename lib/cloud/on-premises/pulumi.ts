/**
 * A data centre in a topology that Pulumi deploys: its files hold what other regions' clouds answered.
 *
 * @packageDocumentation
 */
import type { TunnelPlan } from '../../plan/network/links.js';
import { endsFrom } from '../../plan/network/tunnels.js';
import type { TopologyPlan } from '../../plan/plan.js';
import { Reader } from '../../plan/reader.js';
import type { Cloud, CloudSite } from '../cloud.js';
import { GatheredNetwork, type LateValues } from '../gathered.js';
import { checkDataCentre, type DataCentreProps, dataCentreFiles } from './files.js';

/**
 * A region's place in a data centre. Nothing is made: its `files` are the configuration of routers and resolver, one secret.
 *
 * ```ts
 * // regions: { factory: { network: Network.onPremises({ … }), cloud: onPremises(), … } }
 * ```
 */
export const onPremises = (props: DataCentreProps = {}): Cloud => ({
  type: 'onPremises',
  check: (site, issues) => checkDataCentre(new Reader(props, site.path, issues), site.plan, site.region.name),
  open: (_name, site) => new OnPremisesNetwork(props, site),
});

class OnPremisesNetwork extends GatheredNetwork {
  readonly resolvers: readonly string[];
  protected readonly settings = undefined;

  constructor(
    private readonly props: DataCentreProps,
    site: CloudSite,
  ) {
    super(site);
    this.resolvers = site.network.resolvers ?? [];
  }

  outside(tunnel: TunnelPlan): string {
    const { region, network } = this.site;
    const { outside } = endsFrom(tunnel, region.name).own;
    const address = network.type === 'onPremises' ? network.publicIps[outside] : undefined;
    if (address === undefined) throw new Error(`no outside address ${outside} of region "${region.name}" is given`);
    return address;
  }

  protected write(plan: TopologyPlan, known: LateValues): Readonly<Record<string, string>> {
    const { keys, outsideAddresses, records, resolvers } = known;
    const values = {
      keyOf: ({ name }: { name: string }): string => keys[name] ?? '',
      outsideAddresses,
      records: Object.fromEntries(Object.entries(records).map(([name, answer]) => [name, answer.values])),
      resolvers,
    };
    return dataCentreFiles(plan, this.site.region.name, values, this.props);
  }
}
