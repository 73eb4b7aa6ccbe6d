import { harborContext } from '../../../lib/k8s/harbor/common';
import type { HarborPlan, HarborProps } from '../../../lib/plan/harbor';
import { planHarbor } from '../../../lib/plan/harbor-plan';
import { SharedStorage } from '../../../lib/plan/storage';

export const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
