import type { ComponentPlan, InstallationSize } from './components.js';
import type { KrakenComponent } from './kraken.js';
import type { Cpu, Size } from './quantities.js';

/** What an installation's size decides, besides the resources of its pods. */
export interface KrakenSize {
  readonly components: Readonly<Record<KrakenComponent, ComponentPlan>>;
  /** Volume of each origin: hot images × copies ÷ origins, since Kraken knows no limit in bytes. */
  readonly originVolume: Size;
  /** Volume of each build-index: its write queue and the tags it remembers for when Harbor is away. */
  readonly buildIndexVolume: Size;
  /** Cache of each agent, on its node's disk. */
  readonly agentCache: Size;
}

const pods = (
  replicas: number,
  cpu: Cpu,
  cpuLimit: Cpu,
  memory: Size,
  ephemeralStorage: Size = '1Gi',
): ComponentPlan => ({
  replicas,
  resources: { cpu, cpuLimit, memory, ephemeralStorage },
});

/**
 * Sizes as data. Memory: a component idles at 50 to 60 MB with its nginx, an agent that fetches four layers of 50 MB at once
 * reaches 135 MB, an origin 75 MB (measured with Kraken 0.1.27); the rest is room for more layers at a time. Numbers of
 * pods: Uber reports 5 origins and 5 trackers for 2,600 nodes that pull at once. An agent's disk follows from its cache.
 */
export const KRAKEN_SIZES: Readonly<Record<InstallationSize, KrakenSize>> = {
  small: {
    components: {
      origin: pods(1, '50m', '1', '384Mi'),
      tracker: pods(1, '25m', '500m', '192Mi'),
      buildIndex: pods(1, '25m', '500m', '192Mi'),
      proxy: pods(1, '25m', '500m', '192Mi'),
      agent: pods(1, '50m', '1', '384Mi'),
      testfs: pods(1, '25m', '500m', '128Mi', '4Gi'),
    },
    originVolume: '20Gi',
    buildIndexVolume: '1Gi',
    agentCache: '5Gi',
  },
  medium: {
    components: {
      origin: pods(3, '250m', '2', '1Gi'),
      tracker: pods(2, '100m', '1', '256Mi'),
      buildIndex: pods(2, '100m', '1', '256Mi'),
      proxy: pods(2, '50m', '1', '256Mi'),
      agent: pods(1, '100m', '1', '512Mi'),
      testfs: pods(1, '50m', '1', '128Mi', '4Gi'),
    },
    originVolume: '100Gi',
    buildIndexVolume: '2Gi',
    agentCache: '20Gi',
  },
  large: {
    components: {
      origin: pods(5, '1', '4', '2Gi'),
      tracker: pods(3, '500m', '2', '512Mi'),
      buildIndex: pods(3, '250m', '2', '512Mi'),
      proxy: pods(2, '100m', '1', '512Mi'),
      agent: pods(1, '200m', '2', '1Gi'),
      testfs: pods(1, '50m', '1', '128Mi', '4Gi'),
    },
    originVolume: '500Gi',
    buildIndexVolume: '5Gi',
    agentCache: '40Gi',
  },
};
