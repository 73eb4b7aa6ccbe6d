import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';
import { Kraken, type KrakenConstructProps } from '../../../lib/k8s/kraken/kraken.js';
import { planHarbor } from '../../../lib/plan/harbor.js';
import { SharedStorage } from '../../../lib/plan/storage.js';
import { Tls } from '../../../lib/plan/tls.js';

export const IMAGE = 'registry.example.com/tools/kraken:v0.1.27';
export const PEM = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n';

const harbor = { domain: 'registry.example.com', storage: SharedStorage.nas({ claim: 'images' }) };

/** A Harbor that speaks HTTP inside the cluster. */
export const registry = planHarbor(harbor);
/** A Harbor that speaks HTTPS inside the cluster, with certificates of the topology's private CA. */
export const secureRegistry = planHarbor({ ...harbor, internalTls: Tls.provided() });

/** An object as it is written, as far as tests look into it. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Record<string, string>;
    readonly labels: Record<string, string>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every kind of object
  readonly spec: any;
  readonly data: Record<string, string>;
  readonly stringData?: Record<string, string>;
}

/** All objects of a Kraken. */
export function synth(props: Partial<KrakenConstructProps> = {}): Manifest[] {
  const chart = new Chart(new App(), 'test', { disableResourceNameHashes: true });
  new Kraken(chart, 'kraken', { registry, image: IMAGE, ...props } as KrakenConstructProps);
  return chart.toJson();
}

/** The one object of a kind with a name. */
export function find(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return found[0] as Manifest;
}

/** The pod of a workload. */
export const podOf = (objects: readonly Manifest[], kind: string, name: string) =>
  find(objects, kind, name).spec.template.spec;

/** A component's configuration, as Kraken reads it: YAML 1.1. */
export const configOf = (objects: readonly Manifest[], component: string) =>
  parse(find(objects, 'ConfigMap', `kraken-${component}`).data['config.yaml'] ?? '', { version: '1.1' });
