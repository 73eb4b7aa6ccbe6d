import { Construct } from 'constructs';
import type { Flow } from '../../plan/flows.js';
import { type HarborPlan, type HarborProps, planHarbor } from '../../plan/harbor.js';
import { harborPods, solverPods } from '../../plan/harbor-names.js';
import { manifest } from '../manifest.js';
import { NetworkPolicies } from '../network-policies.js';
import { SharedVolume } from '../storage/shared-volume.js';
import { TlsMaterial } from '../tls/tls-material.js';
import { TrustedCas } from '../tls/trusted-cas.js';
import { objectLabels, type WorkloadContext } from '../workload.js';
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
import type { NotificationEndpoint } from './registry-config.js';
import { registryStorage } from './registry-storage.js';
import { Settings } from './settings.js';
import { Trivy } from './trivy.js';

/** Settings of a Harbor, or a Harbor that was planned before. */
export type HarborConstructProps = HarborProps | HarborPlan | { readonly plan: HarborPlan };

/**
 * A Harbor: every object of one installation but its Secrets, which are planned in `plan.secrets` and made by other means.
 * Objects are called as in the official chart, so that an installation can be taken over.
 *
 * @throws PlanError when it is given settings with mistakes
 */
export class Harbor extends Construct {
  readonly plan: HarborPlan;
  private readonly registry: Registry;
  private readonly policies: NetworkPolicies;

  constructor(scope: Construct, id: string, props: HarborConstructProps) {
    super(scope, id);
    this.plan = planOf(props);
    const { plan } = this;
    const context = harborContext(plan);
    const storage = registryStorage(plan);
    this.tls(context);
    if (plan.secretKey !== undefined) this.secretKey(context, plan.secretKey);
    new SharedVolume(this, 'storage', plan, context);
    if (plan.components.database !== undefined) new EmbeddedDatabase(this, 'database', plan, context);
    if (plan.components.redis !== undefined) new EmbeddedCache(this, 'redis', plan, context);
    new Core(this, 'core', plan, context, storage.providerName);
    new Jobservice(this, 'jobservice', plan, context);
    this.registry = new Registry(this, 'registry', plan, context, storage);
    new Portal(this, 'portal', plan, context);
    if (plan.components.trivy !== undefined) new Trivy(this, 'trivy', plan, context);
    if (plan.components.exporter !== undefined) new Exporter(this, 'exporter', plan, context);
    new Front(this, 'front', plan, context);
    if (plan.check.enabled) new Check(this, 'check', plan, context);
    const hasSettings = plan.settings !== undefined && plan.reconcile !== undefined;
    if (hasSettings) new Settings(this, 'settings', plan, context);
    const jobs = [...(plan.check.enabled ? ['check'] : []), ...(hasSettings ? ['settings'] : [])];
    const names = [...Object.keys(plan.components), ...jobs];
    const parties = [...names.map((name) => harborPods(plan, name)), solverPods(plan) ?? []].flat();
    this.policies = new NetworkPolicies(this, 'network-policies', context, parties);
    this.addFlows(plan.flows);
  }

  /** Has the registry report every push to one more endpoint, such as Kraken's proxy; possible until synthesis. */
  addNotification(endpoint: NotificationEndpoint): void {
    this.registry.addNotification(endpoint);
  }

  /** Lets more flows through its NetworkPolicies; possible until synthesis. */
  addFlows(flows: readonly Flow[]): void {
    this.policies.addFlows(flows);
  }

  private tls(context: WorkloadContext): void {
    const { tls, internalTls, certificates, caConfigMaps, ca, internalCa } = this.plan;
    const { front, ...internal } = certificates;
    new TlsMaterial(this, 'tls', {
      context,
      tls,
      certificates: { front },
      ca: { configMap: caConfigMaps.outside, source: ca },
    });
    new TlsMaterial(this, 'internal-tls', {
      context,
      tls: internalTls,
      certificates: internal,
      ca: { configMap: caConfigMaps.internal, source: internalCa },
    });
    new TrustedCas(this, 'trusted-ca', this.plan, context);
  }

  /** Its text is deferred: the plan accepts no other. */
  private secretKey(context: WorkloadContext, text: string): void {
    const { secret, key } = this.plan.keys.secretKey;
    manifest(this, 'secret-key', 'Secret', {
      metadata: { name: secret, namespace: this.plan.namespace, labels: objectLabels(context, 'core') },
      type: 'Opaque',
      stringData: { [key]: text },
    });
  }
}

function planOf(props: HarborConstructProps): HarborPlan {
  if ('plan' in props) return props.plan;
  return 'kind' in props ? props : planHarbor(props);
}
