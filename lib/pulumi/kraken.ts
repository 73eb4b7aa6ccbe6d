import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import { Kraken as KrakenConstruct } from '../k8s/kraken/kraken.js';
import type { HarborPlan } from '../plan/harbor.js';
import { type KrakenPlan, type KrakenProps, planKraken } from '../plan/kraken.js';
import { type AuthorityArgs, authorityOf } from './authority.js';
import { type Inputs, plain } from './inputs.js';
import { install, type MadeArgs, warn } from './installation.js';
import { refuseMade } from './made-checks.js';
import type { ObjectOptions } from './manifests.js';

/** Settings of a {@link Kraken}: those of `KrakenProps`, with Outputs wherever free text goes. */
export interface KrakenArgs extends Inputs<Omit<KrakenProps, 'registry'>>, MadeArgs, AuthorityArgs {
  /**
   * The Harbor that it serves, of another component. That one must let it in by a policy of its own, and reports no pushes to it: give
   * these settings as `kraken` of the `Harbor` instead where both are yours. @default - none: `backend` says where images are
   */
  readonly registry?: HarborPlan;
}

/**
 * A Kraken cluster of its own, such as a development cluster on testfs, in namespaces that exist.
 *
 * @throws PlanError with every mistake at once
 */
export class Kraken extends ComponentResource {
  readonly plan: KrakenPlan;

  constructor(
    name: string,
    args: KrakenArgs,
    { configure, ...options }: ComponentResourceOptions & ObjectOptions = {},
  ) {
    super('harbor-fleet:index:Kraken', name, {}, options);
    const { registry, generations, restore, certificateAuthority, ...props } = args;
    const plan = planKraken({ ...plain<Omit<KrakenProps, 'registry'>>(props, ''), registry });
    this.plan = plan;
    warn(this, plan.warnings);
    refuseMade(plan.secrets, { generations, restore }, `Kraken "${name}"`);
    const authority = authorityOf(this, name, registry?.domain ?? plan.instance, certificateAuthority);
    install(this, name, { secrets: plan.secrets, authority, generations, restore, configure }, (chart, revised) => {
      new KrakenConstruct(chart, plan.instance, { plan: revised(plan) });
    });
    this.registerOutputs({});
  }
}
