import { Construct } from 'constructs';
import type { JobSpec } from 'kubernetes-types/batch/v1';
import { derive } from '../../plan/deferred.js';
import type { HarborPlan } from '../../plan/harbor.js';
import { endpointUrl, harborPods } from '../../plan/harbor-names.js';
import type { ReconcilePlan } from '../../plan/reconcile.js';
import type { SecretKeyRef } from '../../plan/secrets.js';
import type { SettingsPlan } from '../../plan/settings.js';
import { type ContainerProps, secretsOf } from '../container.js';
import { exceptionsFor, podFacts } from '../exceptions.js';
import { manifest } from '../manifest.js';
import { json, sha256 } from '../text.js';
import { objectLabels, type PodProps, podTemplate, type WorkloadContext } from '../workload.js';
import { SettingsExporter } from './settings-exporter.js';
import {
  fileOf,
  PROGRAM,
  programParts,
  SECRETS,
  type Sources,
  script,
  settingsFiles,
  sourcesOf,
} from './settings-program.js';

/**
 * Brings a Harbor's settings about: a Job for each state that is planned, called after a hash of it and of its pod, because a Job
 * never changes, and a CronJob against drift. Both run the same script. It talks to core alone, reads Secrets as files, and needs
 * nothing of Kubernetes: what became of a run says the Job, with the reason in the last lines of its log, which are also the pod's
 * termination message. With metrics it tells the exporter too.
 */
export class Settings extends Construct {
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext) {
    super(scope, id);
    const { settings, reconcile, instance, namespace } = plan;
    if (settings === undefined || reconcile === undefined) return;
    const name = `${instance}-settings`;
    const metadata = { name, namespace, labels: objectLabels(context, 'settings') };
    const files = settingsFiles(instance, settings);
    const programs = files.map((file) => file.name);
    manifest(this, 'account', 'ServiceAccount', { metadata, automountServiceAccountToken: false });
    for (const [i, { name: own, file, text }] of files.entries())
      manifest(this, i === 0 ? 'program' : `program-${i}`, 'ConfigMap', {
        metadata: { ...metadata, name: own },
        data: i === 0 ? { 'reconcile.js': script(), [file]: text } : { [file]: text },
      });

    if (reconcile.exporter !== undefined) {
      new SettingsExporter(this, 'exporter', { plan, programs, reconcile, exporter: reconcile.exporter, context });
    }
    const pod = podOf(plan, settings, programs, reconcile, context);
    const texts = files.map(({ text }) => text);
    const facts = podFacts(pod.containers, pod.volumes ?? {}, pod.user.uid);
    const annotations = exceptionsFor({ kind: 'CronJob', replicas: 1, headless: true, ...facts });
    const secrets = secretsOf(pod.containers, pod.volumes ?? {});
    const spec: JobSpec = {
      backoffLimit: RETRIES,
      activeDeadlineSeconds: reconcile.deadlineSeconds,
      template: podTemplate(pod, secrets, false),
    };
    const hash = derive(sha256([json(spec.template), script(), ...texts].join('\0')), (sum) => sum.slice(0, 10));
    manifest(this, 'job', 'Job', {
      metadata: {
        ...metadata,
        name: `${name}-${hash}`,
        // Argo CD would miss a Job that has gone by itself: as a hook it is only looked at while it runs.
        // Pulumi would wait for other regions, and for DNS records that are made of its own outputs.
        annotations: {
          ...annotations,
          ...(settings.registries.length === 0 ? {} : { 'pulumi.com/skipAwait': 'true' }),
          'argocd.argoproj.io/hook': 'Sync',
          'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
        },
      },
      spec: {
        ...spec,
        template: podTemplate(inNeedOf(pod, sha256(texts.join(''))), secrets, false),
        ttlSecondsAfterFinished: DAY,
      },
    });
    manifest(this, 'cron-job', 'CronJob', {
      metadata: { ...metadata, annotations },
      spec: {
        schedule: reconcile.schedule,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 60,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: { metadata: { labels: metadata.labels }, spec: { ...spec, backoffLimit: 1 } },
      },
    });
  }
}

/**
 * A pod that brings these settings about and no others: a ConfigMap that could not be applied, or is not yet known on the node, would be an older one,
 * and a run of that would say that all is well.
 */
const inNeedOf = (pod: PodProps, sum: string): PodProps => ({
  ...pod,
  containers: pod.containers.map((one) => ({ ...one, env: { ...one.env, SETTINGS_SHA256: sum } })),
});

const DAY = 86_400;
/** Kubernetes waits 10, 20, 40 … 360 seconds between them: half an hour, which is what the deadline allows. */
const RETRIES = 9;

function podOf(
  plan: HarborPlan,
  settings: SettingsPlan,
  programs: readonly string[],
  reconcile: ReconcilePlan,
  context: WorkloadContext,
): PodProps {
  const { core, adminPassword } = plan;
  const { exporter } = reconcile;
  const parts = programParts(plan, programs, secretSources(settings, adminPassword));
  const container: ContainerProps = {
    name: 'settings',
    image: reconcile.image,
    command: ['node'],
    args: [
      `${PROGRAM}/reconcile.js`,
      endpointUrl(core),
      `${PROGRAM}/settings.json`,
      SECRETS,
      fileOf(adminPassword),
      ...(exporter === undefined ? [] : [endpointUrl(exporter.endpoint), fileOf(exporter.robot.password)]),
    ],
    env: parts.env,
    mounts: parts.mounts,
  };
  return {
    context,
    component: 'settings',
    selector: harborPods(plan, 'settings').labels,
    plan: reconcile,
    // The user of the image.
    user: { uid: 1000 },
    containers: [container],
    volumes: parts.volumes,
    pod: { restartPolicy: 'Never' },
  };
}

/** The keys of Secrets that settings name. */
function secretSources(settings: SettingsPlan, adminPassword: SecretKeyRef): Sources {
  const refs: readonly (SecretKeyRef | undefined)[] = [
    adminPassword,
    ...Object.values(settings.configurationSecrets),
    ...[...settings.users, ...settings.registries, ...settings.robots].map(({ password }) => password),
    ...settings.projects.flatMap(({ webhooks = [] }) => webhooks.map(({ authorization }) => authorization)),
  ];
  return sourcesOf(refs.flatMap((ref) => ref ?? []));
}
