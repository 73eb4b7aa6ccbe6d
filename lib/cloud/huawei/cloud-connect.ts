import type { TopologyPlan } from '../../plan/plan.js';
import { attribute, type Resources, variable } from './json.js';
import { cloudConnectionOf, networkOf } from './peered.js';

// For large nets Huawei Cloud recommends central networks instead (support.huaweicloud.com, Enterprise Router, migration). Those take an
// enterprise router in each region, paid by the hour and by attachment, with a subnet, tables and routes of the VPC, and one policy over all
// of them: a landing zone of their own. A cloud connection takes the VPCs as they are, and writes their default route tables itself
// (Virtual Private Cloud, Route Table and Route Overview). Who has a central network sets via: existing.

/** How a cloud connection is made. */
export interface CloudConnectProps {
  /** The cloud connection exists: its id is the variable `cloud_connection_id`. @default false, it is made */
  readonly existingCloudConnection?: boolean;
  /** Regions whose VPCs are loaded to it already. @default - none */
  readonly loadedVpcs?: readonly string[];
  /** Links with a bandwidth in the variable `inter_region_bandwidths`, by name. @default - none: 10 kbit/s pass, enough for a ping */
  readonly bandwidthLinks?: readonly string[];
  /** Other regions of Huawei Cloud that it is joined to here. @default - all that it is linked to */
  readonly peers?: readonly string[];
}

/** The cloud connection, all VPCs in it and its bandwidths, at the region that makes it: it is one thing of the whole account. */
export function cloudConnect(
  plan: TopologyPlan,
  name: string,
  { existingCloudConnection = false, loadedVpcs = [], bandwidthLinks = [], peers }: CloudConnectProps,
): Readonly<Record<string, Resources>> {
  const connection = cloudConnectionOf(plan, name, peers);
  if (connection?.members[0] !== name) return {};
  const id = existingCloudConnection
    ? variable('cloud_connection_id')
    : attribute('huaweicloud_cc_connection', 'main', 'id');
  return {
    huaweicloud_cc_connection: existingCloudConnection ? {} : { main: { name: `${name}-cc` } },
    huaweicloud_cc_network_instance: Object.fromEntries(
      connection.members
        .filter((member) => !loadedVpcs.includes(member))
        .map((member) => {
          const { region, announces } = networkOf(plan, member);
          return [
            member,
            {
              name: member,
              type: 'vpc',
              cloud_connection_id: id,
              instance_id: member === name ? variable('vpc_id') : variable('peer_vpc_ids', member),
              project_id: variable('project_ids', member),
              region_id: region,
              cidrs: announces,
            },
          ] as const;
        }),
    ),
    huaweicloud_cc_inter_region_bandwidth: Object.fromEntries(
      connection.across
        .filter((link) => bandwidthLinks.includes(link.name))
        .map((link) => [
          link.name,
          {
            cloud_connection_id: id,
            bandwidth_package_id: variable('inter_region_bandwidths', link.name, 'package_id'),
            bandwidth: variable('inter_region_bandwidths', link.name, 'bandwidth'),
            inter_region_ids: link.between.map((end) => networkOf(plan, end).region),
          },
        ]),
    ),
  };
}
