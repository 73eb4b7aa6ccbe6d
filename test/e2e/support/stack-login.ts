import type { Secret } from 'kubernetes-types/core/v1';
import type { SecretKeyRef } from '../../../lib/index';
import type { TestCluster } from './cluster';
import type { Stack } from './engine';
import type { RegistryLogin } from './push';

/** What the examples export. */
interface Outputs {
  readonly endpoints: Readonly<
    Record<string, { readonly url: string; readonly hostname: string; readonly address: string }>
  >;
  readonly ca: string;
  readonly adminSecrets: Readonly<Record<string, SecretKeyRef>>;
}

/** What a person needs to push to a region, all of it from the stack's outputs; its names are made known to nodes and pods. */
export const stackLogin = async (stack: Stack, region: string, cluster: TestCluster): Promise<RegistryLogin> => {
  const { endpoints, ca, adminSecrets } = (await stack.outputs()) as unknown as Outputs;
  const endpoint = endpoints[region];
  const ref = adminSecrets[region];
  if (!endpoint || !ref) throw new Error(`the stack has no region ${region}: ${Object.keys(endpoints)}`);
  const domain = new URL(endpoint.url).hostname;
  for (const name of [domain, endpoint.hostname]) await cluster.lab?.alias(name, endpoint.address);
  const secret = await cluster.kubectl.getJson<Secret>('secret', ref.secret, '-n', ref.namespace);
  const password = Buffer.from(secret.data?.[ref.key] ?? '', 'base64').toString('utf8');
  return { domain, address: endpoint.address, ca, user: 'admin', password };
};
