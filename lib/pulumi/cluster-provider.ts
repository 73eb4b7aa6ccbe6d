import { existsSync, readFileSync } from 'node:fs';
import { Provider, type ProviderArgs } from '@pulumi/kubernetes';
import { type CustomResourceOptions, type Input, secret } from '@pulumi/pulumi';
import { parse } from 'yaml';
import { Issues } from '../plan/issues.js';

/** Settings of a {@link ClusterProvider}: those of a Kubernetes provider. */
export interface ClusterProviderArgs extends Omit<ProviderArgs, 'renderYamlToDirectory'> {
  /** A kubeconfig's text, or the path of its file. @default - `KUBECONFIG`, then `~/.kube/config` */
  readonly kubeconfig?: Input<string>;
  /** Name of a context in it. @default - its current one */
  readonly context?: Input<string>;
  /** What tells this cluster from others. Another one replaces everything in it. @default - the provider's name */
  readonly clusterIdentifier?: Input<string>;
}

/**
 * A provider for the cluster of one region. It changes ConfigMaps and Secrets in place: without that a change deletes them before it makes
 * them anew. It keeps the kubeconfig secret, and takes another one for the same cluster, whatever server it names: without that it would
 * replace everything.
 *
 * @throws PlanError when the kubeconfig is given as a text and is none, or lacks the context
 */
export class ClusterProvider extends Provider {
  constructor(name: string, args: ClusterProviderArgs = {}, options?: CustomResourceOptions) {
    check(name, args);
    super(
      name,
      {
        enableConfigMapMutable: true,
        enableSecretMutable: true,
        clusterIdentifier: name,
        ...args,
        // The provider's schema does not call it a secret.
        kubeconfig: args.kubeconfig === undefined ? undefined : secret(args.kubeconfig),
      },
      options,
    );
  }
}

interface Kubeconfig {
  readonly clusters?: unknown;
  readonly contexts?: readonly { readonly name?: string }[];
}

function check(name: string, { kubeconfig, context }: ClusterProviderArgs): void {
  // An Output is the provider's to judge.
  if (typeof kubeconfig !== 'string') return;
  const issues = new Issues(`the settings of ClusterProvider "${name}"`);
  const config = read(kubeconfig);
  if (config === undefined) {
    issues.error(
      `${name}.kubeconfig`,
      'is neither a kubeconfig nor the path of one',
      kubeconfig.includes('\n') ? `(a text of ${kubeconfig.length} characters)` : kubeconfig,
      'the text of a kubeconfig, or the path of a file that exists',
      'correct the path, or leave it out to use KUBECONFIG',
    );
  } else if (typeof context === 'string') {
    const contexts = (config.contexts ?? []).map((one) => one.name ?? '');
    if (!contexts.includes(context)) {
      issues.error(
        `${name}.context`,
        'is not in the kubeconfig',
        context,
        contexts.join(', ') || 'none',
        'correct the name',
      );
    }
  }
  issues.throwIfAny();
}

function read(kubeconfig: string): Kubeconfig | undefined {
  const text = !kubeconfig.includes('\n') && existsSync(kubeconfig) ? readFileSync(kubeconfig, 'utf8') : kubeconfig;
  try {
    const config: unknown = parse(text);
    return config !== null && typeof config === 'object' && 'clusters' in config ? (config as Kubeconfig) : undefined;
  } catch {
    return undefined;
  }
}
