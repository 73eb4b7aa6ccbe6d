import type { SecretKeyRef } from './secrets.js';

/** What a robot or a rule may do, in Harbor's words: `repository`, `pull`. */
export interface AccessPlan {
  readonly resource: string;
  readonly action: string;
}

/** A robot account of a whole Harbor. It logs in as its name after the robot prefix. */
export interface RobotPlan {
  readonly name: string;
  readonly permissions: readonly {
    /** Name of a project. */
    readonly project: string;
    readonly access: readonly AccessPlan[];
  }[];
  /** What it may do beyond projects; nothing for most. */
  readonly system?: readonly AccessPlan[];
  /** Its password, chosen before Harbor knows the robot: 8 to 128 characters with a capital, a small letter and a digit. */
  readonly password: SecretKeyRef;
}

/** A registry that images are copied to or fetched from. */
export interface RegistryPlan {
  readonly name: string;
  readonly type: string;
  readonly url: string;
  /** Its certificate is not checked. */
  readonly insecure: boolean;
  /** PEM of a private CA that signed its certificate; Harbor 2.15. */
  readonly ca?: string;
  /** User name, or access key; nothing for an anonymous one, or for one that knows its clients by their cloud identity. */
  readonly username?: string;
  readonly password?: SecretKeyRef;
}

/** Copies what is pushed to the registry named. */
export interface ReplicationPlan {
  readonly name: string;
  readonly registry: string;
  /** Repositories, such as `payments/**`. */
  readonly repositories: string;
  /** Six cron fields, or nothing: at each push. */
  readonly cron?: string;
  readonly destinationNamespace: string;
  /** Levels of a repository's name that the namespace stands for. */
  readonly replaceCount: number;
  /** A tag that is another image there becomes the one that it is here. */
  readonly overwrites: boolean;
  /** What is deleted here is deleted there. */
  readonly deletion: boolean;
  /** Kilobits a second of one task; 0 for no limit. */
  readonly speed: number;
}

/** Which tags of which repositories, as doublestar patterns. */
export interface TagSelection {
  readonly repositories: string;
  readonly tags: string;
  /** Whether the patterns name what is meant, or what is not. */
  readonly repositoriesExcluded: boolean;
  readonly tagsExcluded: boolean;
}

/** What a retention rule keeps. */
export interface RetentionRulePlan extends TagSelection {
  /** Harbor's template, such as `latestPushedK`. */
  readonly template: string;
  /** The number of the template; nothing for `always`. */
  readonly count?: number;
  readonly untagged: boolean;
}

export interface MemberPlan {
  readonly kind: 'user' | 'group';
  readonly name: string;
  /** 1 project admin, 2 developer, 3 guest, 4 maintainer, 5 limited guest. */
  readonly role: number;
}

export interface WebhookPlan {
  readonly name: string;
  readonly type: 'http' | 'slack' | 'teams';
  readonly address: string;
  readonly events: readonly string[];
  readonly format: 'Default' | 'CloudEvents';
  readonly insecure: boolean;
  /** The whole `Authorization` header. */
  readonly authorization?: SecretKeyRef;
}

export interface LabelPlan {
  readonly name: string;
  readonly color: string;
}

/** CVEs that stop nobody. */
export interface CveAllowlistPlan {
  readonly cves: readonly string[];
  /** Seconds since 1970 when the list ends; nothing for never. */
  readonly expiresAt?: number;
}

/** Fills Kraken with what is pushed. */
export interface PreheatPolicyPlan {
  readonly name: string;
  readonly instance: string;
  readonly repositories: string;
  readonly tags: string;
  /** Six cron fields, or nothing: at each push. */
  readonly cron?: string;
}

export interface PreheatInstancePlan {
  readonly name: string;
  readonly endpoint: string;
}

/** A project of one Harbor. A list that is not there is left as it is; one that is there is whole. */
export interface ProjectSettingsPlan {
  readonly name: string;
  /** Harbor's own keys; what is not here is left as it is. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes; -1 for no limit. */
  readonly quota?: number;
  /** Registry that a proxy cache fetches from. Harbor takes it at creation only. */
  readonly proxyOf?: string;
  readonly cveAllowlist?: CveAllowlistPlan;
  readonly members?: readonly MemberPlan[];
  readonly retention?: { readonly cron: string; readonly rules: readonly RetentionRulePlan[] };
  readonly immutability?: readonly TagSelection[];
  readonly webhooks?: readonly WebhookPlan[];
  readonly labels?: readonly LabelPlan[];
  readonly preheat?: readonly PreheatPolicyPlan[];
}

/** A user of Harbor's own database. */
export interface UserPlan {
  readonly name: string;
  readonly email: string;
  readonly admin: boolean;
  /** Of the first day: the user changes it, and nobody changes it back. */
  readonly password: SecretKeyRef;
}

/** A group of users that LDAP, OIDC or a proxy knows. */
export interface GroupPlan {
  readonly name: string;
  /** 1 LDAP, 2 HTTP, 3 OIDC. */
  readonly type: number;
  readonly ldapDn?: string;
}

/** A task that Harbor repeats. */
export interface SchedulePlan {
  /** Six cron fields; an empty text for never. */
  readonly cron: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** What one Harbor shall be like: plain data, in Harbor's own words, with the names of Secrets in place of what they hold. */
export interface SettingsPlan {
  /** System settings by Harbor's own keys; what is not here is left as it is. */
  readonly configuration: Readonly<Record<string, string | number | boolean>>;
  /** Those that are secret. */
  readonly configurationSecrets: Readonly<Record<string, SecretKeyRef>>;
  readonly robotPrefix: string;
  readonly cveAllowlist?: CveAllowlistPlan;
  readonly labels: readonly LabelPlan[];
  readonly users: readonly UserPlan[];
  readonly groups: readonly GroupPlan[];
  readonly registries: readonly RegistryPlan[];
  readonly projects: readonly ProjectSettingsPlan[];
  readonly robots: readonly RobotPlan[];
  readonly replications: readonly ReplicationPlan[];
  readonly preheatInstances: readonly PreheatInstancePlan[];
  /** Tasks by Harbor's name of their endpoint; what is not here is left as it is. */
  readonly schedules: Readonly<Partial<Record<ScheduleName, SchedulePlan>>>;
}

export type ScheduleName = 'gc' | 'scanAll' | 'purgeaudit';
