import { readCron } from './cron.js';
import { derive } from './deferred.js';
import { OBJECT_NAME } from './names.js';
import { bytes, milliseconds } from './quantities.js';
import type { Reader, TextRule } from './reader.js';
import type { SecretKeyRef, SecretPlan } from './secrets.js';
import type { CveAllowlistPlan, LabelPlan, SchedulePlan, SettingsPlan } from './settings.js';

/** System settings, schedules and labels as read. */
export type SystemPlan = Pick<
  SettingsPlan,
  'configuration' | 'configurationSecrets' | 'robotPrefix' | 'cveAllowlist' | 'labels' | 'schedules'
> & {
  readonly authentication?: 'database' | 'ldap' | 'oidc';
  /** The user's own Secrets. */
  readonly secrets: readonly SecretPlan[];
};

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

const SETTINGS_KEYS = [
  'authentication',
  'robotPrefix',
  'banner',
  'projectCreation',
  'selfRegistration',
  'readOnly',
  'tokenExpiry',
  'sessionTimeout',
  'projectQuota',
  'scannerSkipsPullTime',
  'auditLog',
  'garbageCollection',
  'scanAll',
  'auditPurge',
  'cveAllowlist',
  'labels',
  'reconcile',
] as const;

const ROBOT_PREFIX: TextRule = {
  pattern: /^[a-z0-9$+_.-]{1,30}$/,
  allowed: '1 to 30 small letters, digits and the signs $ + _ . -',
};
const ENDPOINT: TextRule = { pattern: /^[A-Za-z0-9.-]+:\d{1,5}$/, allowed: 'host:port of a syslog server' };

/** Reads Harbor's own settings and records every mistake. */
export function readSystem(settings: Reader, namespace: string): SystemPlan {
  settings.only(...SETTINGS_KEYS);
  const authentication = readAuthentication(settings, namespace);
  const robotPrefix = settings.text('robotPrefix', ROBOT_PREFIX) ?? 'robot$';
  const banner = settings.text('banner');
  return {
    authentication: authentication.type,
    robotPrefix,
    configuration: defined({
      ...authentication.values,
      robot_name_prefix: robotPrefix,
      // Harbor keeps JSON in a text.
      banner_message:
        banner === undefined
          ? undefined
          : derive(banner, (message) => JSON.stringify({ message, type: 'info', closable: false })),
      project_creation_restriction:
        (settings.choice('projectCreation', ['everyone', 'administrators'] as const) ?? 'administrators') === 'everyone'
          ? 'everyone'
          : 'adminonly',
      self_registration: settings.flag('selfRegistration'),
      read_only: settings.flag('readOnly'),
      token_expiration: readMinutes(settings, 'tokenExpiry'),
      session_timeout: readMinutes(settings, 'sessionTimeout'),
      storage_per_project: readQuota(settings, 'projectQuota'),
      scanner_skip_update_pulltime: settings.flag('scannerSkipsPullTime'),
      ...readAuditLog(settings),
    }),
    configurationSecrets: authentication.secrets,
    cveAllowlist: readCveAllowlist(settings, 'cveAllowlist'),
    labels: readLabels(settings, 'labels') ?? [],
    schedules: readSchedules(settings),
    secrets: Object.values(authentication.secrets).map(ownSecret),
  };
}

/** A Secret of the user's own, that the reconciler reads. */
export const ownSecret = ({ namespace, secret, key }: SecretKeyRef): SecretPlan => ({
  namespace,
  name: secret,
  objectKind: 'Secret',
  type: 'Opaque',
  keys: { [key]: { kind: 'text', value: 'a credential that Harbor shall use' } },
  source: 'existing',
  keep: false,
  readers: [],
});

const defined = (values: Values): Readonly<Record<string, string | number | boolean>> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );

/** Whole minutes of a duration. */
function readMinutes(reader: Reader, key: string): number | undefined {
  const minute = milliseconds('1m');
  const text = reader.quantity(key, milliseconds, 'a duration of at least "1m", such as "30m"', minute);
  return text === undefined ? undefined : Math.round(milliseconds(text) / minute);
}

/** Bytes; -1 for no limit. */
export function readQuota(reader: Reader, key: string): number | undefined {
  if (reader.raw(key) === 'unlimited') return -1;
  const size = reader.quantity(key, bytes, 'a size of at least "1Mi", such as "500Gi", or unlimited', bytes('1Mi'));
  return size === undefined ? undefined : bytes(size);
}

interface AuthenticationPlan {
  readonly type?: 'database' | 'ldap' | 'oidc';
  readonly values: Values;
  readonly secrets: Readonly<Record<string, SecretKeyRef>>;
}

function readAuthentication(settings: Reader, namespace: string): AuthenticationPlan {
  if (!settings.has('authentication')) return { values: {}, secrets: {} };
  const reader = settings.child('authentication');
  if (!reader.has('type')) reader.missing('type', 'database, ldap or oidc');
  const type = reader.choice('type', ['database', 'ldap', 'oidc'] as const);
  if (type === 'ldap') return readLdap(reader, namespace);
  if (type === 'oidc') return readOidc(reader, namespace);
  if (type === 'database') reader.only('type');
  return { type, values: { auth_mode: 'db_auth' }, secrets: {} };
}

const LDAP_URL: TextRule = { pattern: /^ldaps?:\/\/[^\s/]+$/, allowed: 'a URL such as ldaps://ldap.example.com' };

function readLdap(ldap: Reader, namespace: string): AuthenticationPlan {
  ldap.only(
    'type',
    'url',
    'baseDn',
    'searchDn',
    'passwordSecret',
    'uid',
    'filter',
    'groupBaseDn',
    'groupFilter',
    'groupAttribute',
    'adminGroupDn',
    'verifyCertificate',
  );
  const searchDn = ldap.text('searchDn');
  const secret = ldap.text('passwordSecret', OBJECT_NAME);
  if ((searchDn === undefined) !== (secret === undefined)) {
    ldap.missing(searchDn === undefined ? 'searchDn' : 'passwordSecret', 'both searchDn and passwordSecret, or none');
  }
  const groupBaseDn = ldap.text('groupBaseDn');
  return {
    type: 'ldap',
    values: {
      auth_mode: 'ldap_auth',
      ldap_url: ldap.requiredText('url', LDAP_URL),
      ldap_base_dn: ldap.requiredText('baseDn'),
      ldap_search_dn: searchDn ?? '',
      ldap_uid: ldap.text('uid') ?? 'uid',
      ldap_filter: ldap.text('filter') ?? '',
      // 2: the whole tree.
      ldap_scope: 2,
      ldap_group_base_dn: groupBaseDn ?? '',
      ldap_group_search_filter: ldap.text('groupFilter') ?? '',
      ldap_group_attribute_name: ldap.text('groupAttribute') ?? (groupBaseDn === undefined ? '' : 'cn'),
      ldap_group_admin_dn: ldap.text('adminGroupDn') ?? '',
      ldap_verify_cert: ldap.flag('verifyCertificate') ?? true,
    },
    secrets: secret === undefined ? {} : { ldap_search_password: { namespace, secret, key: 'password' } },
  };
}

const HTTPS_URL: TextRule = { pattern: /^https:\/\/[^\s]+$/, allowed: 'a URL that begins with https://' };

function readOidc(oidc: Reader, namespace: string): AuthenticationPlan {
  oidc.only(
    'type',
    'name',
    'endpoint',
    'clientId',
    'credentialsSecret',
    'scopes',
    'userClaim',
    'groupsClaim',
    'adminGroup',
    'groupFilter',
    'autoOnboard',
    'verifyCertificate',
  );
  const userClaim = oidc.text('userClaim');
  const scopes = oidc.texts('scopes') ?? ['openid', 'profile', 'email', 'offline_access'];
  if (!scopes.includes('openid')) {
    oidc.issues.error(
      oidc.at('scopes'),
      'lacks openid, without which it is no login',
      scopes,
      'openid and others',
      'add "openid"',
    );
  }
  const autoOnboard = oidc.flag('autoOnboard') ?? userClaim !== undefined;
  return {
    type: 'oidc',
    values: {
      auth_mode: 'oidc_auth',
      oidc_name: oidc.requiredText('name'),
      oidc_endpoint: oidc.requiredText('endpoint', HTTPS_URL),
      oidc_client_id: oidc.requiredText('clientId'),
      oidc_scope: scopes.join(','),
      oidc_user_claim: userClaim ?? '',
      oidc_groups_claim: oidc.text('groupsClaim') ?? '',
      oidc_admin_group: oidc.text('adminGroup') ?? '',
      oidc_group_filter: oidc.text('groupFilter') ?? '',
      oidc_auto_onboard: autoOnboard,
      oidc_verify_cert: oidc.flag('verifyCertificate') ?? true,
    },
    secrets: {
      oidc_client_secret: {
        namespace,
        secret: oidc.requiredText('credentialsSecret', OBJECT_NAME),
        key: 'clientSecret',
      },
    },
  };
}

function readAuditLog(settings: Reader): Values {
  const audit = settings.child('auditLog').only('forwardTo', 'skipDatabase', 'disabledEvents');
  const forwardTo = audit.text('forwardTo', ENDPOINT);
  const skipDatabase = audit.flag('skipDatabase');
  if (skipDatabase === true && forwardTo === undefined)
    audit.missing('forwardTo', 'host:port, when skipDatabase is true');
  return {
    audit_log_forward_endpoint: forwardTo,
    skip_audit_log_database: skipDatabase,
    disabled_audit_log_event_types: audit.texts('disabledEvents')?.join(','),
  };
}

function readSchedules(settings: Reader): SettingsPlan['schedules'] {
  const plan: Record<string, SchedulePlan> = {};
  const add = (
    key: string,
    name: string,
    keys: readonly string[],
    parameters: (reader: Reader) => SchedulePlan['parameters'],
  ): void => {
    if (!settings.has(key)) return;
    const reader = settings.child(key).only('schedule', ...keys);
    if (!reader.has('schedule')) reader.missing('schedule', 'five cron fields, or never');
    plan[name] = { cron: readCron(reader, 'schedule') ?? '', parameters: parameters(reader) };
  };
  add('garbageCollection', 'gc', ['deleteUntagged', 'workers'], (gc) => ({
    delete_untagged: gc.flag('deleteUntagged') ?? false,
    delete_tag: false,
    workers: gc.count('workers', 1, 5) ?? 1,
  }));
  add('scanAll', 'scanAll', [], () => ({}));
  add('auditPurge', 'purgeaudit', ['keep', 'events'], (purge) => ({
    audit_retention_hour: Math.round(
      milliseconds(
        purge.quantity('keep', milliseconds, 'a duration of at least "1h", such as "2160h"', milliseconds('1h')) ??
          '2160h',
      ) / milliseconds('1h'),
    ),
    include_event_types: (purge.texts('events') ?? ['create_artifact', 'delete_artifact', 'pull_artifact']).join(','),
    dry_run: false,
  }));
  return plan;
}

const CVE: TextRule = { pattern: /^[A-Z][A-Za-z0-9]*(-[A-Za-z0-9]+)+$/, allowed: 'an id such as CVE-2024-12345' };
const DAY: TextRule = { pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, allowed: 'a day such as 2027-03-31' };

/** Reads CVEs that stop nobody. */
export function readCveAllowlist(reader: Reader, key: string): CveAllowlistPlan | undefined {
  if (!reader.has(key)) return undefined;
  const list = reader.child(key).only('cves', 'until');
  if (!list.has('cves')) list.missing('cves', 'ids such as CVE-2024-12345');
  const until = list.text('until', DAY);
  const cves = [...new Set(list.texts('cves', CVE) ?? [])].sort();
  return { cves, ...(until === undefined || !DAY.pattern.test(until) ? {} : { expiresAt: endOfDay(until) }) };
}

/** Seconds from 1970 to the end of a day, UTC, by the civil calendar (no clock is read). */
function endOfDay(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  // Days from 1970 by the proleptic Gregorian calendar, with years that begin in March.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  const days =
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
  return (days + 1) * 86_400 - 1;
}

const COLOR: TextRule = { pattern: /^#[0-9A-Fa-f]{6}$/, allowed: 'a colour such as #0065ab' };
const LABEL: TextRule = { pattern: /^\S(.*\S)?$/, allowed: 'a name of at most 128 characters', maxLength: 128 };

/** Reads labels by name; nothing when there is no list. */
export function readLabels(reader: Reader, key: string): readonly LabelPlan[] | undefined {
  if (!reader.has(key)) return undefined;
  return reader.entries(key).map(([name, label]) => {
    checkName(name, LABEL, label);
    return { name, color: label.only('color').text('color', COLOR) ?? '#0065ab' };
  });
}

/** Checks a key of a map, which is the name of something. */
export function checkName(name: string, rule: TextRule, at: Reader): void {
  if (name.length <= (rule.maxLength ?? Number.POSITIVE_INFINITY) && rule.pattern.test(name)) return;
  at.issues.error(at.path, 'is not a name that Harbor takes', name, rule.allowed, 'choose another name');
}
