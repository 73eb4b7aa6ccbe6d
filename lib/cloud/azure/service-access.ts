import { PrivateDnsZoneGroup, PrivateEndpoint } from '@pulumi/azure-native/network';
import type { CustomResource, Input, Resource } from '@pulumi/pulumi';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { resourceName } from '../resource-name.js';
import { PRIVATE_ZONE_ID, SUBNET_ID, type Tagged } from './args.js';

/** Who reaches a storage account. */
export interface ServiceAccess {
  /**
   * Subnets of clients, with the service endpoint `Microsoft.Storage`: nobody else reaches the account. At no cost.
   * @default - whoever has the key, over the internet
   */
  readonly clientSubnetIds?: readonly string[];
  /**
   * An address of its own in a subnet, and none on the internet: whoever has a route to it reaches the account, linked regions too.
   * Costs by the hour and by the gigabyte. @default - none
   */
  readonly privateEndpoint?: {
    readonly subnetId: string;
    /** Zone `privatelink.blob.core.windows.net` (of file systems: `privatelink.file.…`). @default - none: a policy of the landing zone makes the record */
    readonly privateDnsZoneId?: string;
  };
}

export const SERVICE_ACCESS = ['clientSubnetIds', 'privateEndpoint'] as const;

/** Reads who reaches a storage account; tells whether anyone is named. */
export function readServiceAccess(reader: Reader): boolean {
  const subnets = reader.texts('clientSubnetIds', SUBNET_ID) ?? [];
  if (reader.has('privateEndpoint')) {
    const endpoint = reader.child('privateEndpoint').only('subnetId', 'privateDnsZoneId');
    endpoint.requiredText('subnetId', SUBNET_ID);
    endpoint.text('privateDnsZoneId', PRIVATE_ZONE_ID);
    if (reader.has('clientSubnetIds')) {
      const problem = 'are not used with a private endpoint';
      const fix = 'keep one of the two';
      reader.issues.error(reader.at('clientSubnetIds'), problem, subnets, 'clientSubnetIds or privateEndpoint', fix);
    }
  }
  return subnets.length > 0 || reader.has('privateEndpoint');
}

/** What an account is told about who reaches it. */
export function networkRules({ clientSubnetIds, privateEndpoint: endpoint }: Inputs<ServiceAccess>) {
  if (endpoint !== undefined) {
    return { publicNetworkAccess: 'Disabled', networkRuleSet: { bypass: 'None', defaultAction: 'Deny' as const } };
  }
  if (clientSubnetIds === undefined) return { publicNetworkAccess: 'Enabled' };
  const virtualNetworkRules = clientSubnetIds.map((virtualNetworkResourceId) => ({
    virtualNetworkResourceId,
    action: 'Allow' as const,
  }));
  return {
    publicNetworkAccess: 'Enabled',
    networkRuleSet: { bypass: 'None', defaultAction: 'Deny' as const, virtualNetworkRules },
  };
}

/** The address of an account in a subnet; nothing where none is asked for. */
export function privateEndpoint(
  parent: Resource,
  name: string,
  service: { readonly id: Input<string>; readonly group: 'blob' | 'file' },
  args: Inputs<ServiceAccess & Tagged & { readonly resourceGroupName: string; readonly location?: string }>,
): CustomResource | undefined {
  if (args.privateEndpoint === undefined) return undefined;
  const { resourceGroupName, location, tags } = args;
  const { subnetId, privateDnsZoneId } = args.privateEndpoint;
  const part = `${name}-endpoint`;
  const endpoint = new PrivateEndpoint(
    part,
    {
      resourceGroupName,
      location,
      tags,
      privateEndpointName: resourceName(part),
      subnet: { id: subnetId },
      privateLinkServiceConnections: [
        { name: service.group, privateLinkServiceId: service.id, groupIds: [service.group] },
      ],
    },
    { parent },
  );
  if (privateDnsZoneId === undefined) return endpoint;
  return new PrivateDnsZoneGroup(
    part,
    {
      resourceGroupName,
      privateEndpointName: endpoint.name,
      privateDnsZoneGroupName: 'default',
      privateDnsZoneConfigs: [{ name: service.group, privateDnsZoneId }],
    },
    { parent },
  );
}
