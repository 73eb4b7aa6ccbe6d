import type { WorkloadProps } from './workload.js';

/** Annotations that tell static checkers which of their findings on a workload are meant, each with its reason. */
export function exceptionsFor(_props: WorkloadProps): Record<string, string> {
  return {};
}
