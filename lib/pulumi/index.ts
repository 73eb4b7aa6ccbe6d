/**
 * The topology in a Pulumi stack: the same names and settings as in the catalogue, with Outputs wherever free text goes.
 *
 * @packageDocumentation
 */
export type {
  AnsweredRecord,
  Cloud,
  CloudNetwork,
  CloudSite,
  ConnectedTunnel,
  ForwardTarget,
  PeeredLink,
} from '../cloud/cloud.js';
export { derive } from '../plan/deferred.js';
export type { Issues } from '../plan/issues.js';
export type { AuthorityArgs, GivenAuthority } from './authority.js';
export { ClusterProvider, type ClusterProviderArgs } from './cluster-provider.js';
export {
  Authentication,
  Backend,
  Cache,
  Database,
  Exposure,
  NasStorage,
  RemoteRegistry,
  type SettingsFactory,
  SharedStorage,
  Tls,
  type WithOutputs,
} from './factories.js';
export { Harbor, type HarborArgs } from './harbor.js';
export { type DecisiveSetting, type FixedValue, type Inputs, plain } from './inputs.js';
export type { MadeArgs } from './installation.js';
export { Kraken, type KrakenArgs } from './kraken.js';
export { LiveObject, Manifests, type ManifestsOptions, type ObjectOptions } from './manifests.js';
export type { NetworkEnds, NetworksArgs, RegionNetworkArgs } from './networks.js';
export type { NodeFile } from './node-files.js';
export { NodeMirror, type NodeMirrorArgs } from './node-mirror.js';
export type { Region, RegistryEndpoint } from './region.js';
export type { RobotLogin } from './robots.js';
export {
  type ClusterArgs,
  type RegionArgs,
  RegistryTopology,
  type TopologyArgs,
  type TopologyOptions,
} from './topology.js';
