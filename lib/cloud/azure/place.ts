import type { CustomResourceOptions, Input, ProviderResource, Resource } from '@pulumi/pulumi';

/** Where the resources of a region's network go. */
export interface Place {
  /** Name of the network, which all names begin with. */
  readonly name: string;
  readonly parent: Resource;
  readonly provider?: ProviderResource;
  readonly resourceGroupName: Input<string>;
  /** Azure's own name of the region. */
  readonly location: string;
  readonly tags?: Readonly<Record<string, Input<string>>>;
}

/** What all of them are made with. */
export const inPlace = ({
  resourceGroupName,
  location,
  tags,
}: Place): { resourceGroupName: Input<string>; location: string; tags?: Record<string, Input<string>> } => ({
  resourceGroupName,
  location,
  tags,
});

/** Their options. */
export const optionsOf = ({ parent, provider }: Place, more: CustomResourceOptions = {}): CustomResourceOptions => ({
  parent,
  provider,
  ...more,
});
