import { PrivateDnsZoneGroup, PrivateEndpoint } from '@pulumi/azure-native/network';
import type { CustomResource, Input, Resource } from '@pulumi/pulumi';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { resourceName } from '../resource-name.js';
import { PRIVATE_ZONE_ID, SUBNET_ID, type Tagged } from './args.js';

/** An address of a service in a subnet. */
export interface PrivateEndpointProps {
  readonly subnetId: string;
  /**
   * Zone `privatelink.blob.core.windows.net` (of file systems `privatelink.file.…`, of caches `privatelink.redis.azure.net`), linked to the
   * virtual network of the clients. @default - none: a policy of the landing zone makes the record
   */
  readonly privateDnsZoneId?: string;
}

/** Who reaches a storage account. */
export interface ServiceAccess {
  /**
   * Subnets of clients, with the service endpoint `Microsoft.Storage`: nobody else reaches the account. At no cost, but all bytes of a container pass
   * through Harbor's registry then.
   * @default - whoever has the key, over the internet
   */
  readonly clientSubnetIds?: readonly string[];
  /**
   * An address of its own in a subnet, and none on the internet: whoever has a route to it reaches the account, linked regions too.
   * Costs by the hour and by the gigabyte, and all bytes of a container pass through Harbor's registry then. @default - none
   */
  readonly privateEndpoint?: PrivateEndpointProps;
}

export const SERVICE_ACCESS = ['clientSubnetIds', 'privateEndpoint'] as const;

/** Reads who reaches a storage account; tells whether anyone is named. */
export function readServiceAccess(reader: Reader): boolean {
  const subnets = reader.texts('clientSubnetIds', SUBNET_ID) ?? [];
  if (reader.has('privateEndpoint')) {
    readPrivateEndpoint(reader);
    if (reader.has('clientSubnetIds')) {
      const problem = 'are not used with a private endpoint';
      const fix = 'keep one of the two';
      reader.issues.error(reader.at('clientSubnetIds'), problem, subnets, 'clientSubnetIds or privateEndpoint', fix);
    }
  }
  return subnets.length > 0 || reader.has('privateEndpoint');
}

/** Reads the address in a subnet. */
export function readPrivateEndpoint(reader: Reader): void {
  const endpoint = reader.child('privateEndpoint').only('subnetId', 'privateDnsZoneId');
  endpoint.requiredText('subnetId', SUBNET_ID);
  endpoint.text('privateDnsZoneId', PRIVATE_ZONE_ID);
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

/** What is given an address. */
interface PrivateService {
  readonly id: Input<string>;
  /** What of it, by Azure's own name. */
  readonly group: 'blob' | 'file' | 'redisEnterprise';
  /** Name of the endpoint. An endpoint never leads to another service, so it changes with the service. @default - the component's, for a service that never changes */
  readonly name?: Input<string>;
}

/** The address of a service in a subnet; nothing where none is asked for. */
export function privateEndpoint(
  parent: Resource,
  name: string,
  service: PrivateService,
  args: Inputs<
    Pick<ServiceAccess, 'privateEndpoint'> & Tagged & { readonly resourceGroupName: string; readonly location?: string }
  >,
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
      privateEndpointName: service.name ?? resourceName(part),
      subnet: { id: subnetId },
      privateLinkServiceConnections: [
        { name: service.group, privateLinkServiceId: service.id, groupIds: [service.group] },
      ],
    },
    { parent, protect: false },
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
    { parent, protect: false },
  );
}
