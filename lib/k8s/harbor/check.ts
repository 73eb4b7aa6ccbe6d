import { Construct } from 'constructs';
import { derive } from '../../plan/deferred.js';
import type { HarborPlan } from '../../plan/harbor.js';
import { harborPods } from '../../plan/harbor-names.js';
import { type ContainerProps, type MountProps, secretsOf } from '../container.js';
import { exceptionsFor, podFacts } from '../exceptions.js';
import { manifest } from '../manifest.js';
import { trustMounts } from '../tls/mounts.js';
import { objectLabels, type PodProps, podTemplate, type WorkloadContext } from '../workload.js';
import { checkLayers } from './check-layers.js';

const CRANE = '/ko-app/crane';
const LOGIN = '/run/crane';
const LAYERS = '/layers';

/**
 * The synthetic check: a CronJob that logs in by the outside name, pushes two tiny images in turn under one tag (an image that is
 * there already would not be pushed), and downloads and verifies the last one. Blobs are uploaded by its first run only, because
 * they are there afterwards; every run writes two manifests, through core, database and storage.
 */
export class Check extends Construct {
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext) {
    super(scope, id);
    const { check, instance, namespace } = plan;
    const name = `${instance}-check`;
    const metadata = { name, namespace, labels: objectLabels(context, 'check') };
    const trusted = trustMounts(plan, { system: '/etc/ssl/certs' });
    manifest(this, 'account', 'ServiceAccount', { metadata, automountServiceAccountToken: false });
    const binaryData = check.push ? checkLayers() : {};
    if (check.push) manifest(this, 'layers', 'ConfigMap', { metadata, binaryData });

    const pod: PodProps = {
      context,
      component: 'check',
      selector: harborPods(plan, 'check').labels,
      plan: check,
      // The user of the image.
      user: { uid: 65532 },
      ...containers(plan, [...trusted.mounts], trusted.env),
      volumes: {
        // Holds the password of the admin while it runs.
        login: { emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
        ...(check.push ? { layers: { configMap: { name } } } : {}),
        ...trusted.volumes,
      },
      pod: { restartPolicy: 'Never' },
    };
    const all = [...(pod.initContainers ?? []), ...pod.containers];
    const facts = podFacts(all, pod.volumes ?? {}, pod.user.uid);
    manifest(this, 'cron-job', 'CronJob', {
      metadata: { ...metadata, annotations: exceptionsFor({ kind: 'CronJob', replicas: 1, headless: true, ...facts }) },
      spec: {
        schedule: check.schedule,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 60,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels: metadata.labels },
          spec: {
            // The next run is the second try; a check that repeats itself hides what users feel.
            backoffLimit: 0,
            activeDeadlineSeconds: check.deadlineSeconds,
            template: podTemplate(pod, secretsOf(all, pod.volumes ?? {}), false),
          },
        },
      },
    });
  }
}

/** One container for each step, because the image has no shell: login, push of both images, pull. */
function containers(
  plan: HarborPlan,
  trusted: readonly MountProps[],
  trustEnv: Readonly<Record<string, string>>,
): Pick<PodProps, 'containers' | 'initContainers'> {
  const { check, tls, adminPassword } = plan;
  const host = derive(plan.url, (url) => url.replace(/^https?:\/\//, ''));
  const reference = `${host}/${check.reference}`;
  // What terminates TLS in front of the cluster has a public certificate; only plain HTTP must be asked for.
  const insecure = tls.type === 'none' && tls.externalScheme !== 'https' ? ['--insecure'] : [];
  const step = (name: string, args: readonly string[], special: Partial<ContainerProps> = {}): ContainerProps => ({
    name,
    image: check.image,
    command: [CRANE],
    args: [...args],
    ...special,
    env: { DOCKER_CONFIG: LOGIN, ...trustEnv, ...special.env },
    mounts: [{ volume: 'login', path: LOGIN }, ...trusted, ...(special.mounts ?? [])],
  });
  const push = (name: string): ContainerProps =>
    step(`push-${name}`, ['append', ...insecure, '--oci-empty-base', '-f', `${LAYERS}/${name}.tar`, '-t', reference], {
      mounts: [{ volume: 'layers', path: LAYERS }],
    });
  const login: ContainerProps = {
    ...step('login', ['auth', 'login', host, '-u', 'admin', '-p', '$(HARBOR_ADMIN_PASSWORD)'], {
      env: { HARBOR_ADMIN_PASSWORD: { secret: adminPassword.secret, key: adminPassword.key } },
    }),
    mounts: [{ volume: 'login', path: LOGIN, writable: true }],
  };
  return {
    initContainers: [login, ...(check.push ? [push('first'), push('second')] : [])],
    containers: [step('pull', ['validate', ...insecure, '--remote', reference])],
  };
}
