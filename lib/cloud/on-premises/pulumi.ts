/**
 * A data centre in a topology that Pulumi deploys: its files hold what other regions' clouds answered.
 *
 * @packageDocumentation
 */
import type { Input } from '@pulumi/pulumi';
import type { TunnelPlan } from '../../plan/network/links.js';
import { endsFrom } from '../../plan/network/tunnels.js';
import type { TopologyPlan } from '../../plan/plan.js';
import { Reader } from '../../plan/reader.js';
import type { Cloud, CloudSite } from '../cloud.js';
import { GatheredNetwork, type LateValues } from '../gathered.js';
import { defaultCaFile } from './common-name.js';
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

class OnPremisesNetwork extends GatheredNetwork<string | undefined> {
  readonly resolvers: readonly string[];
  /** PEM of private CAs. */
  protected readonly settings: Input<string | undefined>;

  constructor(
    private readonly props: DataCentreProps,
    site: CloudSite,
  ) {
    super(site);
    this.resolvers = site.network.resolvers ?? [];
    this.settings = site.ca;
  }

  outside(tunnel: TunnelPlan): string {
    const { region, network } = this.site;
    const { outside } = endsFrom(tunnel, region.name).own;
    const address = network.type === 'onPremises' ? network.publicIps[outside] : undefined;
    if (address === undefined) throw new Error(`no outside address ${outside} of region "${region.name}" is given`);
    return address;
  }

  protected write(plan: TopologyPlan, known: LateValues, ca: string | undefined): Readonly<Record<string, string>> {
    const { keys, outsideAddresses, records, resolvers } = known;
    const values = {
      keyOf: ({ name }: { name: string }): string => keys[name] ?? '',
      outsideAddresses,
      records: Object.fromEntries(Object.entries(records).map(([name, answer]) => [name, answer.values])),
      resolvers,
      ca,
    };
    const { name } = this.site.region;
    // A CA that only another stack knows is left out as a tunnel is.
    const commonName = { caFile: defaultCaFile(plan, name), ...this.props.commonName };
    return dataCentreFiles(plan, name, values, { ...this.props, commonName });
  }
}
