/**
 * A region in Huawei Cloud as Terraform JSON, because there is no Pulumi package of that cloud. Loads no Pulumi.
 *
 * @packageDocumentation
 */
export type { CloudConnectProps } from './cloud-connect.js';
export type { JsonValue } from './json.js';
export type { HuaweiStorageProps } from './storage.js';
export { type HuaweiRegionProps, type TerraformJson, terraformJson } from './terraform.js';
