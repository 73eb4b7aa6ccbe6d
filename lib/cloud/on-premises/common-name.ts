import { checkedCas, ownChecks } from '../../plan/network/health.js';
import type { TopologyPlan } from '../../plan/plan.js';

/** How a data centre's resolver keeps to healthy regions. */
export interface CommonNameProps {
  /**
   * PEM file on the resolver's machine with private CAs of Harbors' certificates; the system's CAs are trusted besides. The file `ca.crt` of
   * the data centre goes there; a path of your own says that such a file is there already, where none is written.
   * @default `/etc/harbor-fleet/ca.crt` where the certificate of a Harbor that is asked comes from a private CA, else none
   */
  readonly caFile?: string;
  /** Command that controls unbound, with its options. @default unbound-control */
  readonly control?: string;
}

/** Where `ca.crt` goes on the resolver's machine. */
export const CA_FILE = '/etc/harbor-fleet/ca.crt';

const TIMEOUT = 5;

/**
 * A script that keeps unbound's answer for the common name at a healthy region: it asks Harbor's health of the own region and of those with a
 * route, by their private names, as often as public health checks do, and gives up a region after as many failures. With `failover` the first
 * healthy one in the plan's order answers, with `latency` the region's own and then that order. When none is healthy the last answer stays.
 * It says why a region fails when that begins or changes, and when it is well again. Runs for good, beside unbound, with a shell and curl.
 * Nothing where the common name leads to no more than one of those regions.
 */
export function commonNameScript(
  plan: TopologyPlan,
  region: string,
  { caFile = defaultCaFile(plan, region), control = 'unbound-control' }: CommonNameProps = {},
): string | undefined {
  const { dns, domain } = plan;
  const checks = ownChecks(plan, region);
  const [first] = checks;
  if (dns === undefined || first === undefined) return undefined;
  const own = ({ region: name }: { region: string }): number => (dns.routing === 'latency' && name === region ? 0 : 1);
  const urls = [...checks].sort((a, b) => own(a) - own(b)).map(({ url }) => url);
  return [
    '#!/bin/sh',
    `# Keeps ${domain} at a healthy region.`,
    'set -u',
    `set -- ${urls.join(' ')}`,
    'ask() {',
    `  curl -sS --max-time ${TIMEOUT} -w '\\n%{remote_ip}' "$@" 2>&1`,
    '}',
    '# Prints the address of a healthy Harbor, or what is wrong with it.',
    'address() {',
    ...(caFile === undefined
      ? ['  said=$(ask "$1")', '  code=$?', '  why=$said']
      : [
          `  said=$(ask --cacert '${caFile}' "$1")`,
          '  code=$?',
          '  why=$said',
          '  # Not of that CA, or no such file: the system may trust it.',
          '  case $code in 60 | 77) said=$(ask "$1") && code=0 ;; esac',
        ]),
    '  if [ "$code" != 0 ]; then',
    "    printf '%s\\n' \"$why\" | sed -n 's/^.*curl: /curl: /p' | head -n 1",
    '    return 1',
    '  fi',
    '  # The body tells: the status is 200 even when Harbor is sick.',
    '  case $said in',
    `    *'${first.search}'*) printf '%s\\n' "$said" | tail -n 1 ;;`,
    "    *) echo 'says that it is sick'; return 1 ;;",
    '  esac',
    '}',
    // unbound forgets it when it is reloaded.
    'answers() {',
    `  ${control} list_local_data | grep -q '^${domain.replaceAll('.', '[.]')}[.][[:space:]].*[[:space:]]'"$1"'$'`,
    '}',
    'while :; do',
    '  began=$(date +%s)',
    '  # All at once, so that one that does not answer holds up no other. A line for each: its number, 0 if it is well, what it says.',
    '  round=$(',
    '    number=0',
    '    for url in "$@"; do',
    '      number=$((number + 1))',
    '      { found=$(address "$url"); printf \'%s %s %s\\n\' "$number" "$?" "$found"; } &',
    '    done',
    '    wait',
    '  )',
    "  best=''",
    '  number=0',
    '  for url in "$@"; do',
    '    number=$((number + 1))',
    '    found=$(printf \'%s\\n\' "$round" | sed -n "s/^$number //p")',
    '    code=${found%% *}',
    '    found=${found#* }',
    '    if [ "$code" = 0 ]; then',
    '      now=well',
    '      eval "failed_$number=0 known_$number=\\$found"',
    '    else',
    '      # The kind of failure: some words of it are different each time.',
    '      now=${found%%)*}',
    '      eval "failed_$number=\\$((\\${failed_$number:-0} + 1))"',
    `      eval "[ \\$failed_$number -lt ${first.failures} ]" || eval "known_$number=''"`,
    '    fi',
    '    eval "was=\\${state_$number:-well}"',
    '    eval "state_$number=\\$now"',
    '    if [ "$now" != "$was" ]; then',
    '      if [ "$now" = well ]; then echo "$url: is well again"; else echo "$url: $found" >&2; fi',
    '    fi',
    '    [ -n "$best" ] || eval "best=\\${known_$number:-}"',
    '  done',
    '  if [ -n "$best" ] && ! answers "$best"; then',
    // What unbound keeps of the name from before would otherwise be answered first.
    `    ${control} local_data_remove ${domain} >/dev/null`,
    `    ${control} local_data "${domain}. ${dns.ttlSeconds} IN A $best" >/dev/null && echo "${domain} leads to $best"`,
    '  fi',
    // As often as planned, however long the checks took; and not longer where the clock was set back meanwhile.
    `  left=$((began + ${first.intervalSeconds} - $(date +%s)))`,
    `  if [ "$left" -gt ${first.intervalSeconds} ]; then left=${first.intervalSeconds}; fi`,
    '  if [ "$left" -gt 0 ]; then sleep "$left"; fi',
    'done',
    '',
  ].join('\n');
}

/** Where the script looks for private CAs unless told. */
export const defaultCaFile = (plan: TopologyPlan, region: string): string | undefined =>
  checkedCas(plan, region).length > 0 ? CA_FILE : undefined;
