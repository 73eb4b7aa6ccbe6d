import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import type { HarborPlan } from '../../plan/harbor.js';
import { harborPods } from '../../plan/harbor-names.js';
import type { Size } from '../../plan/quantities.js';
import { keptTemplate } from '../manifest.js';

/** The claim of an embedded database or cache. Its labels never change, because those of a StatefulSet's claims cannot. */
export const dataClaim = (
  plan: HarborPlan,
  component: 'database' | 'redis',
  name: string,
  volume: { readonly storageClass?: string; readonly volumeSize?: Size },
): PersistentVolumeClaim => ({
  metadata: keptTemplate({ name, labels: { ...harborPods(plan, component).labels } }),
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: volume.storageClass,
    resources: { requests: { storage: volume.volumeSize ?? '1Gi' } },
  },
});
