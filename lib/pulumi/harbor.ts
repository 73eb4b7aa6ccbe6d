import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';
import { Harbor as HarborConstruct } from '../k8s/harbor/harbor.js';
import { Kraken as KrakenConstruct } from '../k8s/kraken/kraken.js';
import { type HarborPlan, type HarborProps, planHarbor } from '../plan/harbor.js';
import { type KrakenPlan, type KrakenProps, planKraken } from '../plan/kraken.js';
import type { SecretKeyRef } from '../plan/secrets.js';
import { type AuthorityArgs, authorityOf } from './authority.js';
import { caText } from './ca-text.js';
import { type Inputs, plain } from './inputs.js';
import { addressOf, install, type MadeArgs, warn } from './installation.js';
import { refuseMade } from './made-checks.js';
import type { ObjectOptions } from './manifests.js';
import { type RobotLogin, robotLogins } from './robots.js';
import { asOutput } from './runtime.js';

/** Settings of a {@link Harbor}: those of `HarborProps`, with Outputs wherever free text goes. */
export interface HarborArgs extends Inputs<HarborProps>, MadeArgs, AuthorityArgs {
  /** A Kraken that it feeds: it reports every push to it, and lets it read. Its images travel between nodes. @default - none */
  readonly kraken?: Inputs<Omit<KrakenProps, 'registry'>>;
}

/**
 * One Harbor, and the Kraken that it feeds, in namespaces that exist. A whole region, with its namespaces and node mirror, is a
 * `RegistryTopology` of one region.
 *
 * @throws PlanError with every mistake at once
 */
export class Harbor extends ComponentResource {
  readonly plan: HarborPlan;
  /** The Kraken that it feeds. */
  readonly kraken?: KrakenPlan;
  readonly url: Output<string>;
  /** IP address or host name of its load balancer or Ingress; nothing behind anything else. */
  readonly address?: Output<string>;
  /** PEM of the private CA that clients must trust; nothing with a public one. */
  readonly ca?: Output<string>;
  /** The key of the Secret that holds the admin's first password. */
  readonly adminSecret: SecretKeyRef;
  /** The admin's first password; nothing when it is in a Secret of your own. */
  readonly adminPassword?: Output<string>;
  /** How clients, such as a CI system, log in as each robot of `robots`, by its name. */
  readonly robots: Readonly<Record<string, RobotLogin>>;

  constructor(
    name: string,
    args: HarborArgs,
    { configure, ...options }: ComponentResourceOptions & ObjectOptions = {},
  ) {
    super('harbor-fleet:index:Harbor', name, {}, options);
    const { kraken, generations, restore, certificateAuthority, ...props } = args;
    const plan = planHarbor(plain<HarborProps>(props, ''));
    this.plan = plan;
    const fed = kraken && planKraken({ ...plain<Omit<KrakenProps, 'registry'>>(kraken, 'kraken'), registry: plan });
    this.kraken = fed;
    warn(this, [...plan.warnings, ...(fed?.warnings ?? [])]);
    const authority = authorityOf(this, name, plan.domain, certificateAuthority);
    const secrets = [...plan.secrets, ...(fed?.secrets ?? [])];
    refuseMade(secrets, { generations, restore }, `Harbor "${name}"`);
    const { objects, values } = install(
      this,
      name,
      { secrets, authority, generations, restore, configure },
      (chart, revised) => {
        const harbor = new HarborConstruct(chart, plan.instance, { plan: revised(plan) });
        if (fed !== undefined) new KrakenConstruct(chart, fed.instance, { plan: revised(fed), registry: harbor });
      },
    );
    this.url = asOutput(plan.url);
    this.address = addressOf(plan, objects);
    this.ca = caText(plan.ca, authority);
    this.adminSecret = plan.adminPassword;
    this.adminPassword = values.generated(plan.adminPassword);
    this.robots = robotLogins(plan, args.robots, values);
    this.registerOutputs({ url: this.url, ca: this.ca, adminSecret: this.adminSecret });
  }
}
