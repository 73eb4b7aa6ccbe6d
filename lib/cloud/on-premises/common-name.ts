import { regionOf, type TopologyPlan } from '../../plan/plan.js';

/** How a data centre's resolver keeps to healthy regions. */
export interface CommonNameProps {
  /** PEM file on the resolver's machine with the CA of Harbor's certificates. @default - the system's CAs */
  readonly caFile?: string;
  /** Command that controls unbound, with its options. @default unbound-control */
  readonly control?: string;
}

const TIMEOUT = 5;

/**
 * A script that keeps unbound's answer for the common name at a healthy region: it asks Harbor's health of the own region and of those with a
 * route, by their private names, as often as public health checks do, and gives up a region after as many failures. With `failover` the first
 * healthy one in the plan's order answers, with `latency` the region's own and then that order. When none is healthy the last answer stays.
 * Runs for good, beside unbound, with a shell and curl. Nothing where the common name leads to no more than one of those regions.
 */
export function commonNameScript(
  plan: TopologyPlan,
  region: string,
  { caFile, control = 'unbound-control' }: CommonNameProps = {},
): string | undefined {
  const { dns, domain, records } = plan;
  const reaches = [region, ...(regionOf(plan, region).network?.reaches ?? [])];
  const checks = (dns?.checks ?? []).filter((check) => {
    const shared = records.some(({ name, healthCheck }) => name === domain && healthCheck === check.name);
    return shared && reaches.includes(check.region);
  });
  const [first] = checks;
  if (dns === undefined || first === undefined || checks.length < 2) return undefined;
  const own = ({ region: name }: { region: string }): number => (dns.routing === 'latency' && name === region ? 0 : 1);
  const urls = [...checks].sort((a, b) => own(a) - own(b)).map(({ url }) => url);
  return [
    '#!/bin/sh',
    `# Keeps ${domain} at a healthy region.`,
    'set -u',
    `set -- ${urls.join(' ')}`,
    'address() {',
    '  # The body tells: the status is 200 even when Harbor is sick.',
    `  said=$(curl -sS --max-time ${TIMEOUT}${caFile === undefined ? '' : ` --cacert ${caFile}`} -w '\\n%{remote_ip}' "$1") || return 1`,
    `  case $said in *'${first.search}'*) printf '%s\\n' "$said" | tail -n 1 ;; *) return 1 ;; esac`,
    '}',
    // unbound forgets it when it is reloaded.
    'answers() {',
    `  ${control} list_local_data | grep -q '^${domain.replaceAll('.', '[.]')}[.][[:space:]].*[[:space:]]'"$1"'$'`,
    '}',
    'while :; do',
    "  best=''",
    '  number=0',
    '  for url in "$@"; do',
    '    number=$((number + 1))',
    '    if found=$(address "$url" 2>/dev/null); then',
    '      eval "failed_$number=0 known_$number=$found"',
    '    else',
    '      eval "failed_$number=\\$((\\${failed_$number:-0} + 1))"',
    `      eval "[ \\$failed_$number -lt ${first.failures} ]" || eval "known_$number=''"`,
    '    fi',
    '    [ -n "$best" ] || eval "best=\\${known_$number:-}"',
    '  done',
    '  if [ -n "$best" ] && ! answers "$best"; then',
    // What unbound keeps of the name from before would otherwise be answered first.
    `    ${control} local_data_remove ${domain} >/dev/null`,
    `    ${control} local_data "${domain}. ${dns.ttlSeconds} IN A $best" >/dev/null && echo "${domain} leads to $best"`,
    '  fi',
    `  sleep ${first.intervalSeconds}`,
    'done',
    '',
  ].join('\n');
}
