import type { Provider } from '@pulumi/kubernetes';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';
import { addRegion } from '../k8s/region-chart.js';
import type { HarborPlan } from '../plan/harbor.js';
import type { RegionPlan } from '../plan/plan.js';
import type { SecretKeyRef } from '../plan/secrets.js';
import type { CertificateAuthority } from './authority.js';
import { caText } from './ca-text.js';
import { addressOf, type Installation, install, type MadeArgs } from './installation.js';
import type { LiveObject, ObjectOptions } from './manifests.js';
import { type NodeFile, nodeFiles } from './node-files.js';
import { type AskedRobots, type RobotLogin, robotLogins } from './robots.js';
import { asOutput } from './runtime.js';
import type { SharedValues } from './secret-values.js';

/** Where clients reach a Harbor. */
export interface RegistryEndpoint {
  /** Harbor's URL by the topology's one name. */
  readonly url: Output<string>;
  /** The region's own name, which needs a DNS record too. */
  readonly hostname: Output<string>;
  /** IP address or host name of its load balancer or Ingress, for DNS records; nothing behind a Gateway, node ports or a Service inside the cluster. */
  readonly address?: Output<string>;
}

/** What a topology hands to each region that its stack owns. */
export interface RegionOptions extends ObjectOptions, MadeArgs {
  readonly plan: RegionPlan;
  readonly provider: Provider;
  readonly authority: () => CertificateAuthority;
  readonly shared: SharedValues;
  readonly robots?: AskedRobots;
}

/** One region of a topology: everything in its cluster. Made by `RegistryTopology`. */
export class Region extends ComponentResource {
  readonly plan: RegionPlan;
  readonly endpoint: RegistryEndpoint;
  /** PEM of the private CA that clients must trust; nothing with a public one. */
  readonly ca?: Output<string>;
  /** The key of the Secret that holds the admin's first password. */
  readonly adminSecret: SecretKeyRef;
  /** The admin's first password; nothing when it is in a Secret of your own. */
  readonly adminPassword?: Output<string>;
  /** How clients log in as the topology's robots, by the robot's name. */
  readonly robots: Readonly<Record<string, RobotLogin>>;
  /** containerd's host configuration, for nodes without a node mirror. */
  readonly nodeFiles: readonly NodeFile[];
  private readonly installation: Installation;

  /** @internal */
  constructor(name: string, options: RegionOptions, { parent }: Pick<ComponentResourceOptions, 'parent'>) {
    const { plan, provider, authority, shared, generations, restore, configure, robots } = options;
    super('harbor-fleet:index:Region', name, {}, { parent, providers: [provider] });
    this.plan = plan;
    this.installation = install(
      this,
      name,
      { secrets: plan.secrets, authority, shared, generations, restore, configure },
      (chart, revised) => {
        const [own, ...tenants] = plan.harbors;
        addRegion(chart, {
          ...plan,
          harbors: [revised(own), ...tenants.map(revised)],
          krakens: plan.krakens.map(revised),
        });
      },
    );
    const [harbor] = plan.harbors;
    const { values } = this.installation;
    this.endpoint = { ...endpointOf(harbor, plan.hostname), address: this.addressOf(harbor.instance) };
    this.ca = caText(harbor.ca, authority);
    this.adminSecret = harbor.adminPassword;
    this.adminPassword = values.generated(harbor.adminPassword);
    this.robots = robotLogins(harbor, robots, values);
    this.nodeFiles = plan.nodeMirrors.flatMap((mirror) => nodeFiles(mirror, authority));
    this.registerOutputs({ endpoint: this.endpoint, adminSecret: this.adminSecret });
  }

  /**
   * The live object of this kind and name, such as the Service of a Harbor.
   *
   * @throws Error when there is none
   */
  object(kind: string, namespace: string, name: string): LiveObject {
    const found = this.installation.objects.find(kind, namespace, name);
    if (found !== undefined) return found;
    throw new Error(`region ${this.plan.name} has no ${kind} ${namespace}/${name}`);
  }

  /** IP address or host name of the load balancer or Ingress of one of its Harbors, its own or a tenant's; nothing behind another front. */
  addressOf(instance: string): Output<string> | undefined {
    const harbor = this.plan.harbors.find((one) => one.instance === instance);
    return harbor && addressOf(harbor, this.installation.objects);
  }
}

const endpointOf = ({ url }: HarborPlan, hostname: string): Omit<RegistryEndpoint, 'address'> => ({
  url: asOutput(url),
  hostname: asOutput(hostname),
});
