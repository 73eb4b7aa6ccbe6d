import { type Input, type Output, output } from '@pulumi/pulumi';
import type { TextRule } from '../../plan/reader.js';

/** Tags of everything a component makes. */
export interface Tagged {
  /** Tags of all resources made. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

const id = (type: string, example: string): TextRule => ({
  pattern: new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${type}$`, 'i'),
  allowed: `a resource id such as /subscriptions/…/resourceGroups/…/providers/${example}`,
});

export const VIRTUAL_NETWORK_ID = id(
  'Microsoft[.]Network/virtualNetworks/[^/]+',
  'Microsoft.Network/virtualNetworks/spoke',
);
export const SUBNET_ID = id(
  'Microsoft[.]Network/virtualNetworks/[^/]+/subnets/[^/]+',
  'Microsoft.Network/virtualNetworks/spoke/subnets/dns-in',
);
export const GATEWAY_SUBNET_ID = id(
  'Microsoft[.]Network/virtualNetworks/[^/]+/subnets/GatewaySubnet',
  'Microsoft.Network/virtualNetworks/spoke/subnets/GatewaySubnet',
);
export const GATEWAY_ID = id(
  'Microsoft[.]Network/virtualNetworkGateways/[^/]+',
  'Microsoft.Network/virtualNetworkGateways/hub',
);
export const SECURITY_GROUP_ID = id(
  'Microsoft[.]Network/networkSecurityGroups/[^/]+',
  'Microsoft.Network/networkSecurityGroups/nodes',
);
export const RULESET_ID = id(
  'Microsoft[.]Network/dnsForwardingRulesets/[^/]+',
  'Microsoft.Network/dnsForwardingRulesets/hub',
);
export const PRIVATE_ZONE_ID = id(
  'Microsoft[.]Network/privateDnsZones/[^/]+',
  'Microsoft.Network/privateDnsZones/example.postgres.database.azure.com',
);

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
export const RESOURCE_GROUP: TextRule = {
  pattern: /^[\w().-]*[\w()-]$/,
  allowed: 'the name of a resource group: letters, digits, "_", "-", "(", ")" and ".", at most 90 characters',
  maxLength: 90,
};

/** Azure's own name of a region. */
export const LOCATION: TextRule = { pattern: /^[a-z][a-z0-9]+$/, allowed: 'a region of Azure such as westeurope' };

/** What a resource id tells. */
export interface ArmParts {
  readonly subscription: Output<string>;
  readonly resourceGroupName: Output<string>;
  readonly name: Output<string>;
}

/** The parts of the id of a resource that belongs to no other. */
export function armParts(id: Input<string>): ArmParts {
  const part = (n: number): Output<string> => output(id).apply((text) => text.split('/')[n] ?? '');
  return { subscription: part(2), resourceGroupName: part(4), name: part(8) };
}
