import { harborContext } from '../../../lib/k8s/harbor/common';
import type { WorkloadContext } from '../../../lib/k8s/workload';
import { type HarborPlan, type HarborProps, planHarbor } from '../../../lib/plan/harbor';
import { SharedStorage } from '../../../lib/plan/storage';

export const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** The plan of a small Harbor with these settings. */
export const planOf = (props: Partial<HarborProps> = {}): HarborPlan =>
  planHarbor({ domain: 'registry.example.com', storage: SharedStorage.nas({ claim: 'images' }), ...props });

/** What its workloads share. */
export const contextOf = (plan: HarborPlan): WorkloadContext => harborContext(plan);
