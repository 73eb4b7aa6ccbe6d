import type { HarborPlan } from '../../plan/harbor.js';
import { MAP_HASH, mapKey, nginxMap } from '../nginx.js';

type Plan = Pick<HarborPlan, 'domain' | 'pushElsewhere' | 'check'>;

const isNeeded = ({ pushElsewhere }: Plan): boolean => Object.keys(pushElsewhere).length > 0;

/**
 * Maps of nginx that set `$push_host`, for what changes something by the one name in a project that is pushed elsewhere, to the host
 * of its home. What the synthetic check pushes goes through: it tries this region. nginx compares the path as it understands it,
 * with no escapes and no double slashes, so there is no way around by another spelling.
 */
export function refusals(plan: Plan): string {
  if (!isNeeded(plan)) return '';
  const [checked] = plan.check.reference.split(':');
  const exempt = plan.check.enabled && plan.check.push ? [`~^/v2/${regex(checked ?? '')}/ "";`] : [];
  const homes = Object.entries(plan.pushElsewhere).map(([project, host]) => `${mapKey(project)} ${host};`);
  const writes = ['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `"${plan.domain} ${method}" $push_home;`);
  return [
    MAP_HASH,
    nginxMap('$uri', '$push_project', [...exempt, '~^/v2/(?<first>[^/]+)/ $first;']),
    nginxMap('$push_project', '$push_home', homes),
    nginxMap('"$host $request_method"', '$push_host', writes),
  ].join('');
}

const regex = (text: string): string => text.replace(/[.]/g, '\\$&');

/** What a push to the wrong region gets: an error in the form of the OCI distribution specification, which clients print. */
export const refuse = (plan: Plan): string =>
  isNeeded(plan)
    ? `default_type application/json;
if ($push_host != "") {
    return 403 '{"errors":[{"code":"DENIED","message":"images of $push_project are pushed to $push_host, which is their home"}]}';
}
`
    : '';
