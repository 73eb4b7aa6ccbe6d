import type { Construct } from 'constructs';
import type { HarborPlan } from '../../plan/harbor.js';
import { harborPods, solverPods } from '../../plan/harbor-names.js';
import { METRICS_COMPONENT } from '../../plan/reconcile.js';
import { NetworkPolicies } from '../network-policies.js';
import { SharedVolume } from '../storage/shared-volume.js';
import { TlsMaterial } from '../tls/tls-material.js';
import { TrustedCas } from '../tls/trusted-cas.js';
import type { WorkloadContext } from '../workload.js';
import { Check } from './check.js';
import { harborContext } from './common.js';
import { Core } from './core.js';
import { EmbeddedDatabase } from './database.js';
import { Exporter } from './exporter.js';
import { Front } from './front.js';
import { Jobservice } from './jobservice.js';
import { Portal } from './portal.js';
import { EmbeddedCache } from './redis.js';
import { Registry } from './registry.js';
import { registryStorage } from './registry-storage.js';
import { Settings } from './settings.js';
import { Trivy } from './trivy.js';

/** The parts of a Harbor that others may still add to. */
export interface HarborParts {
  readonly registry: Registry;
  readonly policies: NetworkPolicies;
}

/** Makes every part of a Harbor. */
export function harborParts(harbor: Construct, plan: HarborPlan): HarborParts {
  const context = harborContext(plan);
  const storage = registryStorage(plan);
  tlsParts(harbor, plan, context);
  new SharedVolume(harbor, 'storage', plan, context);
  const { components } = plan;
  const database = components.database && new EmbeddedDatabase(harbor, 'database', plan, context);
  const redis = components.redis && new EmbeddedCache(harbor, 'redis', plan, context);
  const core = new Core(harbor, 'core', plan, context, storage.providerName);
  const jobservice = new Jobservice(harbor, 'jobservice', plan, context);
  const registry = new Registry(harbor, 'registry', plan, context, storage);
  new Portal(harbor, 'portal', plan, context);
  const trivy = components.trivy && new Trivy(harbor, 'trivy', plan, context);
  const exporter = components.exporter && new Exporter(harbor, 'exporter', plan, context);
  new Front(harbor, 'front', plan, context);
  if (plan.check.enabled) new Check(harbor, 'check', plan, context);
  // Who waits for whom at start. In the other direction at the end: jobservice would wait two minutes for a cache that has gone.
  after(core, database, redis);
  after(registry, redis);
  after(jobservice, core);
  after(trivy, redis);
  after(exporter, database, redis);
  const hasSettings = plan.settings !== undefined && plan.reconcile !== undefined;
  if (hasSettings) after(new Settings(harbor, 'settings', plan, context), core);
  const jobs = [
    ...(plan.check.enabled ? ['check'] : []),
    ...(hasSettings ? ['settings'] : []),
    ...(plan.reconcile?.exporter === undefined ? [] : [METRICS_COMPONENT]),
  ];
  const names = [...Object.keys(plan.components), ...jobs];
  const parties = [...names.map((name) => harborPods(plan, name)), solverPods(plan) ?? []].flat();
  return { registry, policies: new NetworkPolicies(harbor, 'network-policies', context, parties) };
}

function after(one: Construct | undefined, ...others: readonly (Construct | undefined)[]): void {
  for (const other of others) if (other !== undefined) one?.node.addDependency(other);
}

function tlsParts(harbor: Construct, plan: HarborPlan, context: WorkloadContext): void {
  const { tls, internalTls, certificates, caConfigMaps, ca, internalCa } = plan;
  const { front, ...internal } = certificates;
  new TlsMaterial(harbor, 'tls', {
    context,
    tls,
    certificates: { front },
    ca: { configMap: caConfigMaps.outside, source: ca },
  });
  new TlsMaterial(harbor, 'internal-tls', {
    context,
    tls: internalTls,
    certificates: internal,
    ca: { configMap: caConfigMaps.internal, source: internalCa },
  });
  new TrustedCas(harbor, 'trusted-ca', plan, context);
}
