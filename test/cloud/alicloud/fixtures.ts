import type { AlicloudArgs } from '../../../lib/cloud/alicloud';
import type { RecordOptions } from '../../pulumi/support/mocks';

/** What a landing zone has there. */
export const ARGS: AlicloudArgs = {
  vpcId: 'vpc-bp1a',
  vswitches: [
    { id: 'vsw-bp1a', zoneId: 'ap-southeast-1a', cidrBlock: '10.1.0.0/24' },
    { id: 'vsw-bp1b', zoneId: 'ap-southeast-1b', cidrBlock: '10.1.1.0/24' },
  ],
  securityGroupId: 'sg-bp1a',
};

/** What Alibaba Cloud makes up besides the inputs. */
export const answers: RecordOptions['outputs'] = ({ type, name }) => {
  switch (type) {
    case 'alicloud:vpn/gateway:Gateway':
      return { internetIp: `outside address 0 of ${name}`, disasterRecoveryInternetIp: `outside address 1 of ${name}` };
    case 'alicloud:cen/transitRouter:TransitRouter':
      return { transitRouterId: `tr of ${name}` };
    case 'alicloud:cen/transitRouterVpcAttachment:TransitRouterVpcAttachment':
    case 'alicloud:cen/transitRouterPeerAttachment:TransitRouterPeerAttachment':
      return { transitRouterAttachmentId: `attachment of ${name}` };
    default:
      return undefined;
  }
};

export const calls: RecordOptions['calls'] = ({ inputs }) => ({
  tables: [{ transitRouterRouteTableId: `table of ${inputs.transitRouterId}` }],
});
