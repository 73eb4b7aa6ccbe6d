import type { HarborPlan } from './harbor.js';

/** Name of the ConfigMap with the CAs of the services that a Harbor uses: database, cache, storage. */
export const trustedCaName = (instance: string): string => `${instance}-trusted-ca`;

/** The key of the storage's CA there. */
export const STORAGE_CA = 'storage.crt';

/** CAs of the services that a Harbor uses, in PEM, by their key in the ConfigMap; none when all have public ones. */
export function trustedCas(plan: Pick<HarborPlan, 'database' | 'cache' | 'storage'>): Readonly<Record<string, string>> {
  const { database, cache, storage } = plan;
  return {
    ...(database.ca === undefined ? {} : { 'database.crt': database.ca }),
    ...(cache.ca === undefined ? {} : { 'cache.crt': cache.ca }),
    ...(cache.core?.ca === undefined ? {} : { 'cache-of-core.crt': cache.core.ca }),
    ...((storage.type === 's3' || storage.type === 'swift') && storage.ca !== undefined
      ? { [STORAGE_CA]: storage.ca }
      : {}),
  };
}
