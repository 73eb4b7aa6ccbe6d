import { existsSync, readFileSync } from 'node:fs';
import { Provider, type ProviderArgs } from '@pulumi/kubernetes';
import { type CustomResourceOptions, type Input, secret } from '@pulumi/pulumi';
import { parse } from 'yaml';
import { Issues } from '../plan/issues.js';
import { nearest } from '../plan/reader.js';

/** Settings of a {@link ClusterProvider}: those of a Kubernetes provider. */
export interface ClusterProviderArgs extends Omit<ProviderArgs, 'renderYamlToDirectory'> {
  /** A kubeconfig's text, or the path of its file. @default - `KUBECONFIG`, then `~/.kube/config` */
  readonly kubeconfig?: Input<string>;
  /** Name of a context in it. @default - its current one */
  readonly context?: Input<string>;
  /** What tells this cluster from others. Another one replaces everything in it. @default - the provider's name */
  readonly clusterIdentifier?: Input<string>;
}

/** What a region's objects need. Versions before 4.29 have no name for the last one, and do so. */
const NEEDED = { enableConfigMapMutable: true, enableSecretMutable: true, upsertExistingObjects: true };

/**
 * A provider for the cluster of one region. It changes ConfigMaps and Secrets in place: without that a change deletes them before it makes
 * them anew. It adopts objects that exist (`upsertExistingObjects`), such as those that stayed when a stack was destroyed or that an engine
 * lost when it was killed; where another tool or stack owns a field with another value, it stops. It keeps the kubeconfig secret, and takes
 * another one for the same cluster, whatever server it names: without that it would replace everything.
 *
 * @throws PlanError when the kubeconfig is given as a text and is none, or lacks the context
 */
export class ClusterProvider extends Provider {
  constructor(name: string, args: ClusterProviderArgs = {}, options?: CustomResourceOptions) {
    check(name, args);
    super(
      name,
      {
        ...NEEDED,
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

/** What says which cluster it is: misspelt it would be the current context's. */
const DECISIVE = ['kubeconfig', 'context', 'cluster', 'clusterIdentifier'];

function check(name: string, args: ClusterProviderArgs): void {
  const { kubeconfig, context } = args;
  const issues = new Issues(`the settings of ClusterProvider "${name}"`);
  for (const key of Object.keys(args)) {
    const near = DECISIVE.includes(key) ? undefined : nearest(key, DECISIVE);
    if (near === undefined) continue;
    const problem = 'is not a setting here, and without it this would be another cluster';
    issues.error(`${name}.${key}`, problem, key, DECISIVE.join(', '), `did you mean "${near}"?`);
  }
  issues.throwIfAny();
  // An Output is the provider's to judge.
  if (typeof kubeconfig !== 'string') return;
  const config = read(kubeconfig);
  if (config === undefined) {
    issues.error(
      `${name}.kubeconfig`,
      'is neither a kubeconfig nor the path of one',
      looksLikePath(kubeconfig) ? kubeconfig : `(a text of ${kubeconfig.length} characters)`,
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

/** It begins as a path does, or ends as a file's name does. What is anything else, such as JSON, base64 or a token, may be a secret. */
const looksLikePath = (text: string): boolean =>
  text.length <= 200 && /^(\.{0,2}|~|[A-Za-z]:)[\\/][-\w.\\/ ]+$|^[-\w./]+\.[a-z]{1,10}$/.test(text);

function read(kubeconfig: string): Kubeconfig | undefined {
  const text = !kubeconfig.includes('\n') && existsSync(kubeconfig) ? readFileSync(kubeconfig, 'utf8') : kubeconfig;
  try {
    const config: unknown = parse(text);
    return config !== null && typeof config === 'object' && 'clusters' in config ? (config as Kubeconfig) : undefined;
  } catch {
    return undefined;
  }
}
