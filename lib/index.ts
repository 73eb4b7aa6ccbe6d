/**
 * The catalogue: the plan, and the constructs that carry it out as Kubernetes objects. Loads no Pulumi.
 *
 * @packageDocumentation
 */
export { Harbor, type HarborConstructProps } from './k8s/harbor/harbor.js';
export type { NotificationEndpoint } from './k8s/harbor/registry-config.js';
export { Kraken, type KrakenConstructProps, type KrakenRegistry } from './k8s/kraken/kraken.js';
export type { KubernetesObject } from './k8s/manifest.js';
export { NodeMirror } from './k8s/node-mirror/node-mirror.js';
export { RegionChart, type RegionChartProps } from './k8s/region-chart.js';
export { type ManifestFile, regionFiles, synthRegion } from './k8s/synth.js';
export type { BackendPlan } from './plan/backend.js';
export { Backend, type HarborBackend, type S3Backend, type TestfsBackend } from './plan/backend.js';
export type { BucketAddressing } from './plan/bucket-addressing.js';
export type { CachePasswordRef, CachePlan, CacheServerPlan } from './plan/cache.js';
export { Cache, type CacheServer, type EmbeddedCache, type ExternalCache, type SentinelCache } from './plan/cache.js';
export type { CheckPlan, CheckProps } from './plan/check.js';
export type { ComponentPlan, ComponentProps, InstallationSize, ResourcesProps } from './plan/components.js';
export type { DatabasePlan } from './plan/database.js';
export { Database, type EmbeddedDatabase, type ExternalDatabase, type SslMode } from './plan/database.js';
export { mermaid, svg } from './plan/diagram.js';
export type { ExposurePlan } from './plan/exposure.js';
export {
  type ClusterIpExposure,
  Exposure,
  type GatewayExposure,
  type GatewayRef,
  type IngressController,
  type IngressExposure,
  type LoadBalancerExposure,
  type NodePortExposure,
} from './plan/exposure.js';
export type { Flow, Party } from './plan/flows.js';
export type { PasswordRef } from './plan/given-secrets.js';
export type {
  CertificatePlan,
  Endpoint,
  HarborComponent,
  HarborKey,
  HarborPlan,
  HarborProjectProps,
  HarborProps,
  HarborSecretNames,
  HarborVersion,
  InternalTlsComponent,
  JobserviceProps,
  KeyRef,
  LogLevel,
  Pods,
  ProxyProps,
  S3GatewayPlan,
  TrivyProps,
  UploadPurgingProps,
} from './plan/harbor.js';
export { planHarbor } from './plan/harbor.js';
export type { HarborImage, ImagesProps } from './plan/harbor-images.js';
export { type Issue, PlanError } from './plan/issues.js';
export type {
  CacheVolumePlan,
  CacheVolumeProps,
  KrakenComponent,
  KrakenPlan,
  KrakenPorts,
  KrakenProps,
  PeerBandwidth,
  PeerBandwidthPlan,
  PieceStep,
  RegistryAccountProps,
} from './plan/kraken.js';
export { planKraken } from './plan/kraken.js';
export type { KrakenCertificate, TrustPlan } from './plan/kraken-certificates.js';
export type { CostsPlan, ImagesCost, LinkCost } from './plan/network/costs.js';
export type { CryptoProfile } from './plan/network/crypto.js';
export type { FirewallPeer, FirewallRule } from './plan/network/firewall.js';
export {
  type HubLinks,
  type LinkKind,
  type LinkPlan,
  type LinkProps,
  Links,
  type ListLinks,
  type MeshLinks,
  type TunnelEnd,
  type TunnelKey,
  type TunnelPlan,
} from './plan/network/links.js';
export {
  type AlicloudNetwork,
  type AwsNetwork,
  type AzureNetwork,
  type ExternalNetwork,
  type GcpNetwork,
  type HuaweiNetwork,
  Network,
  type NetworkProps,
  type NetworkType,
  type OnPremisesNetwork,
} from './plan/network/networks.js';
export type { RegionCost } from './plan/network/paid-region.js';
export type { NetworkPlan } from './plan/network/plan-networks.js';
export { type CloudPrices, EXAMPLE_PRICES, type PricesProps } from './plan/network/prices.js';
export type { ForwardPlan } from './plan/network/private-names.js';
export type { DnsPlan, DnsProps, HealthCheckPlan } from './plan/network/public-names.js';
export type { PrivateRecord, RecordPlan, RecordTarget } from './plan/network/records.js';
export type { MirrorHost, MirrorHostProps, NodeMirrorPlan, NodeMirrorProps } from './plan/node-mirror.js';
export { planNodeMirror } from './plan/node-mirror.js';
export type { NodePodsPlan, NodePodsProps, Toleration } from './plan/node-pods.js';
export type {
  ClusterProps,
  KrakenSettings,
  NamespacePlan,
  NodeMirrorSettings,
  ProjectPlan,
  ProjectProps,
  RegionPlan,
  RegionProps,
  SiteProps,
  TenantProps,
  TopologyImages,
  TopologyPlan,
  TopologyProps,
} from './plan/plan.js';
export { planTopology } from './plan/plan.js';
export type { Bandwidth, Cpu, Duration, Size } from './plan/quantities.js';
export type { ExporterPlan, ReconcilePlan } from './plan/reconcile.js';
export {
  type RegistryAccess,
  type RegistryLogin,
  type RegistryNaming,
  type RegistryServer,
  type RegistryType,
  RemoteRegistry,
} from './plan/registry-props.js';
export { report, type Section } from './plan/report.js';
export type { SecretKeyRef, SecretPlan, SecretValue } from './plan/secrets.js';
export type * from './plan/settings.js';
export {
  Authentication,
  type CveAllowlistProps,
  type DatabaseAuthentication,
  type GroupProps,
  type HarborSchedule,
  type LabelProps,
  type LdapAuthentication,
  type OidcAuthentication,
  type PreheatProps,
  type ProjectDetailsProps,
  type ProjectRole,
  type ProxyCacheProps,
  type ReconcileProps,
  type ReplicationProps,
  type RetentionRuleProps,
  type RobotProps,
  type SettingsProps,
  type TagRuleProps,
  type UserProps,
  type WebhookEvent,
  type WebhookProps,
} from './plan/settings-props.js';
export {
  type AzureBlobStorage,
  type GcsStorage,
  NasStorage,
  type OssStorage,
  type S3Storage,
  SharedStorage,
  type SwiftStorage,
} from './plan/storage.js';
export type { CaSource } from './plan/tls.js';
export { type CertManagerTls, type ExistingSecretTls, type NoTls, type ProvidedTls, Tls } from './plan/tls.js';
export type { TokenKeyProps } from './plan/token-keys.js';
