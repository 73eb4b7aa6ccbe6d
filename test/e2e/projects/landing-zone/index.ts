import { getStack, secret } from '@pulumi/pulumi';

const region = getStack();

export const kubeconfig = secret(
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': region,
    clusters: [{ name: region, cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: region, user: { token: 'none' } }],
    contexts: [{ name: region, context: { cluster: region, user: region } }],
  }),
);
export const bucket = `registry-${region}`;
export const bucketAccessKeyId = 'AKIAIOSFODNN7EXAMPLE';
export const bucketSecretAccessKey = secret(`bucket-key-of-${region}`);
export const databaseHost = `database.${region}.example.com`;
export const databasePassword = secret(`database-password-of-${region}`);
export const cacheHost = `cache.${region}.example.com`;
export const cachePassword = secret(`cache-password-of-${region}`);
