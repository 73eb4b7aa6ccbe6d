import { SecurityGroup } from '@pulumi/aws/ec2';
import type { Resource } from '@pulumi/pulumi';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { readClientCidrs } from '../client-cidrs.js';
import { SECURITY_GROUP_ID, SUBNET_ID, type Tagged, VPC_ID } from './args.js';

/**
 * Where in a VPC a service answers, and whom. Either `securityGroupIds` that exist, or a security group is made in `vpcId` that
 * lets in `clientSecurityGroupIds` and `clientCidrs`, and nobody else.
 */
export interface ClientAccess {
  /** Subnets that it has an address in, each in another availability zone: private ones. Add new ones at the end. */
  readonly subnetIds: readonly string[];
  /** VPC of the security group that is made. @default - none is made */
  readonly vpcId?: string;
  /** Security groups of the clients: with EKS that of the nodes, or of the cluster. @default - none */
  readonly clientSecurityGroupIds?: readonly string[];
  /** Address ranges of the clients, such as `10.20.0.0/16`, each written with its first address; never everyone. @default - none */
  readonly clientCidrs?: readonly string[];
  /** Security groups that exist, when another team owns them; they must let the clients in. @default - one is made */
  readonly securityGroupIds?: readonly string[];
}

export const CLIENT_ACCESS = [
  'subnetIds',
  'vpcId',
  'clientSecurityGroupIds',
  'clientCidrs',
  'securityGroupIds',
] as const;

/** Reads where a service answers and whom; `leastSubnets` with the reason for them. */
export function readClientAccess(reader: Reader, leastSubnets: number, reason: string): void {
  const subnets = reader.texts('subnetIds', SUBNET_ID) ?? [];
  if (new Set(subnets).size < leastSubnets) {
    reader.issues.error(
      reader.at('subnetIds'),
      reason,
      subnets,
      `at least ${leastSubnets} subnets, each in another availability zone`,
      `name ${leastSubnets} or more private subnets of the VPC`,
    );
  }
  reader.text('vpcId', VPC_ID);
  const given = reader.texts('securityGroupIds', SECURITY_GROUP_ID) ?? [];
  const groups = reader.texts('clientSecurityGroupIds', SECURITY_GROUP_ID) ?? [];
  const cidrs = readClientCidrs(reader);
  if (given.length > 0) {
    for (const key of ['vpcId', 'clientSecurityGroupIds', 'clientCidrs'].filter((one) => reader.has(one))) {
      reader.issues.error(
        reader.at(key),
        'is not used with security groups that exist',
        reader.raw(key),
        'securityGroupIds, or vpcId with clients',
        `remove ${key}, or securityGroupIds`,
      );
    }
    return;
  }
  if (!reader.has('vpcId')) reader.missing('vpcId', `${VPC_ID.allowed}; not needed with securityGroupIds`);
  if (groups.length + cidrs.length === 0) {
    reader.issues.error(
      reader.at('clientSecurityGroupIds'),
      'names nobody, so nothing could connect',
      groups,
      'clients in clientSecurityGroupIds or clientCidrs, or security groups that exist in securityGroupIds',
      'name the security group of the nodes',
    );
  }
}

/** The security groups of a service: those given, or a new one that lets the clients in at one port. */
export function serviceSecurityGroups(
  parent: Resource,
  name: string,
  args: Inputs<ClientAccess & Tagged>,
  service: { readonly port: number; readonly description: string },
): { readonly ids: NonNullable<Inputs<ClientAccess>['securityGroupIds']>; readonly made?: SecurityGroup } {
  if (args.securityGroupIds !== undefined && args.securityGroupIds.length > 0) return { ids: args.securityGroupIds };
  const from = { protocol: 'tcp', fromPort: service.port, toPort: service.port };
  const made = new SecurityGroup(
    `${name}-clients`,
    {
      vpcId: args.vpcId,
      description: service.description,
      ingress: [
        {
          ...from,
          securityGroups: [...(args.clientSecurityGroupIds ?? [])],
          cidrBlocks: [...(args.clientCidrs ?? [])],
          description: 'clients',
        },
      ],
      tags: args.tags,
    },
    { parent, protect: false },
  );
  return { ids: [made.id], made };
}
