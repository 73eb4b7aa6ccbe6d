import type { ComponentPlan, InstallationSize } from './components.js';
import type { Flow } from './flows.js';
import type { HarborPlan, Pods } from './harbor.js';
import type { SecretPlan } from './secrets.js';
import type { Tls } from './tls.js';

export type KrakenComponent = 'origin' | 'tracker' | 'buildIndex' | 'proxy' | 'agent' | 'testfs';

/** One Kraken as planned. */
export interface KrakenPlan {
  readonly kind: 'Kraken';
  readonly instance: string;
  /** Namespace of origin, tracker, build-index, proxy: enforces the restricted profile. */
  readonly namespace: string;
  /** Namespace of what touches nodes: agents (host port) and the node mirror. */
  readonly nodeNamespace: string;
  readonly version: '0.1.27';
  readonly image: string;
  readonly size: InstallationSize;
  readonly components: Readonly<Partial<Record<KrakenComponent, ComponentPlan>>>;
  readonly tls: Tls;
  /** Port on each node's loopback where containerd finds the agent. */
  readonly agentPort: number;
  /** Every port that an agent takes on its node. */
  readonly hostPorts: readonly number[];
  /** Where Harbor's registry reports pushes, so that origins are warm before the first pull. */
  readonly notification: { readonly name: string; readonly url: string; readonly pods: Pods };
  /** Projects that peers may serve; all others never reach Kraken's backends. */
  readonly projects: readonly string[] | 'all';
  readonly secrets: readonly SecretPlan[];
  /** Its own flows, and those that Harbor's policies need too: core and registry with Kraken. */
  readonly flows: readonly Flow[];
}

export type { HarborPlan };
