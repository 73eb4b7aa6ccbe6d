import { type HarborProps, planHarbor } from '../../lib/plan/harbor';
import type { Issue } from '../../lib/plan/issues';
import { PlanError } from '../../lib/plan/issues';

export const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** The least that a Harbor needs. */
export const SMALL: HarborProps = {
  domain: 'registry.example.com',
  storage: { type: 'nas', storageClass: 'nfs' },
};

/** A Harbor of size medium. */
export const MEDIUM: HarborProps = {
  domain: 'registry.example.com',
  aliases: ['eu.registry.example.com'],
  size: 'medium',
  storage: { type: 's3', bucket: 'images', region: 'eu-central-1', credentialsSecret: 'bucket' },
  database: { type: 'external', host: 'db.example.com', passwordSecret: 'db' },
  cache: { type: 'external', host: 'redis.example.com' },
};

/** Plans a Harbor with some settings changed. */
export const plan = (change: Partial<HarborProps> = {}, base: HarborProps = SMALL) =>
  planHarbor({ ...base, ...change });

/** The mistakes in some settings, which may be anything. */
export function mistakes(change: Readonly<Record<string, unknown>>, base: HarborProps = SMALL): readonly Issue[] {
  try {
    planHarbor({ ...base, ...change } as HarborProps);
  } catch (error) {
    if (error instanceof PlanError) return error.issues;
    throw error;
  }
  return [];
}

/** Mistakes as `path: problem`. */
export const told = (issues: readonly Issue[]): string[] => issues.map((issue) => `${issue.path}: ${issue.problem}`);
