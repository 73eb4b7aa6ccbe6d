import type { CustomResourceOptions, Input, ProviderResource, Resource } from '@pulumi/pulumi';

/** Where the resources of a region's network go. */
export interface Place {
  /** Name of the network, which all names begin with. */
  readonly name: string;
  readonly parent: Resource;
  readonly provider?: ProviderResource;
  readonly project?: Input<string>;
  /** Google's own name of the region. */
  readonly region: string;
  /** Self link of the VPC. */
  readonly network: Input<string>;
  readonly labels?: Readonly<Record<string, Input<string>>>;
}

/** Options of its resources: their names are fixed, so what is replaced must go before it comes. */
export const optionsOf = ({ parent, provider }: Place, more: CustomResourceOptions = {}): CustomResourceOptions => ({
  parent,
  provider,
  deleteBeforeReplace: true,
  ...more,
});
