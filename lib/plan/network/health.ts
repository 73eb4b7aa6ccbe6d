import { regionOf, type TopologyPlan } from '../plan.js';
import type { CaSource } from '../tls.js';
import type { HealthCheckPlan } from './public-names.js';

/** Health checks of Harbors that a region can ask itself, over links: its own and those with a route. Nothing where they leave no choice. */
export function ownChecks({ regions, dns, domain, records }: TopologyPlan, region: string): readonly HealthCheckPlan[] {
  const reaches = [region, ...(regions.find(({ name }) => name === region)?.network?.reaches ?? [])];
  const checks = (dns?.checks ?? []).filter((check) => {
    const shared = records.some(({ name, healthCheck }) => name === domain && healthCheck === check.name);
    return shared && reaches.includes(check.region);
  });
  return checks.length < 2 ? [] : checks;
}

/** The private CA that must be trusted to ask a region's Harbor for its health. */
export interface CheckedCa {
  readonly region: string;
  readonly ca: NonNullable<CaSource>;
}

/** Private CAs of the Harbors behind {@link ownChecks}. */
export const checkedCas = (plan: TopologyPlan, region: string): readonly CheckedCa[] =>
  ownChecks(plan, region).flatMap((check) => {
    const { ca } = regionOf(plan, check.region).harbors[0];
    return ca === undefined ? [] : [{ region: check.region, ca }];
  });

/** PEM of all certificates in some texts, each once. */
export const uniqueCertificates = (texts: readonly string[]): string =>
  [...new Set(texts.flatMap((text) => text.match(CERTIFICATE) ?? []))].map((pem) => `${pem}\n`).join('');

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
