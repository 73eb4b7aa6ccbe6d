import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import { NodeMirror as NodeMirrorConstruct } from '../k8s/node-mirror/node-mirror.js';
import type { HarborPlan } from '../plan/harbor.js';
import type { KrakenPlan } from '../plan/kraken.js';
import { type NodeMirrorPlan, type NodeMirrorProps, planNodeMirror } from '../plan/node-mirror.js';
import { type AuthorityArgs, authorityOf } from './authority.js';
import { type Inputs, plain } from './inputs.js';
import { install, warn } from './installation.js';
import type { ObjectOptions } from './manifests.js';
import { type NodeFile, nodeFiles } from './node-files.js';

/** Settings of a {@link NodeMirror}: those of `NodeMirrorProps`, with Outputs wherever free text goes. */
export interface NodeMirrorArgs extends Inputs<Omit<NodeMirrorProps, 'kraken' | 'registry'>>, AuthorityArgs {
  /** Kraken whose agents are asked first; brings image, namespace, and the nodes it runs on. @default - no agent is asked */
  readonly kraken?: KrakenPlan;
  /** Harbor asked last; brings domain, URL and CA. */
  readonly registry?: HarborPlan;
}

/**
 * containerd's host configuration for one registry name on every node of a cluster, in a namespace that exists.
 *
 * @throws PlanError with every mistake at once
 */
export class NodeMirror extends ComponentResource {
  readonly plan: NodeMirrorPlan;
  /** The files that it writes, for nodes on which it does not run. */
  readonly nodeFiles: readonly NodeFile[];

  constructor(
    name: string,
    args: NodeMirrorArgs,
    { configure, ...options }: ComponentResourceOptions & ObjectOptions = {},
  ) {
    super('harbor-fleet:index:NodeMirror', name, {}, options);
    const { kraken, registry, certificateAuthority, ...props } = args;
    const plan = planNodeMirror({ ...plain<NodeMirrorProps>(props, ''), kraken, registry });
    this.plan = plan;
    warn(this, plan.warnings);
    const authority = authorityOf(this, name, plan.domain, certificateAuthority);
    install(this, name, { secrets: plan.secrets, authority, configure }, (chart) => {
      new NodeMirrorConstruct(chart, `${plan.instance}-node-mirror`, { plan });
    });
    this.nodeFiles = nodeFiles(plan, authority);
    this.registerOutputs({});
  }
}
