import type { TextRule } from '../../plan/reader.js';

/** Labels of everything a component makes that can have them. */
export interface Labelled {
  /** Labels of all resources made. @default - none but those of the provider's `defaultLabels` */
  readonly labels?: Readonly<Record<string, string>>;
}

const link = (path: string, example: string): TextRule => ({
  pattern: new RegExp(`^(https://www[.]googleapis[.]com/compute/v1/)?projects/[^/]+/${path}$`),
  allowed: `a self link such as projects/example/${example}`,
});

export const NETWORK_LINK = link('global/networks/[^/]+', 'global/networks/registry');
export const VPN_GATEWAY_LINK = link('regions/[^/]+/vpnGateways/[^/]+', 'regions/europe-west4/vpnGateways/hub');

/** https://cloud.google.com/resource-manager/docs/creating-managing-projects */
export const PROJECT: TextRule = {
  pattern: /^([a-z][-a-z0-9.]*:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$/,
  allowed: 'the id of a project: 6 to 30 lower-case letters, digits and "-", beginning with a letter',
};

/** https://cloud.google.com/compute/docs/naming-resources */
export const NAME: TextRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  allowed: 'a name of at most 63 lower-case letters, digits and "-", beginning with a letter',
  maxLength: 63,
};

export const SERVICE_ACCOUNT: TextRule = {
  pattern: /^[^@\s]+@[^@\s]+[.]gserviceaccount[.]com$/,
  allowed: 'the e-mail address of a Google service account',
};

/** Google's own name of a region. */
export const REGION: TextRule = {
  pattern: /^[a-z]+-[a-z]+\d+$/,
  allowed: 'a region of Google Cloud such as europe-west4',
};
