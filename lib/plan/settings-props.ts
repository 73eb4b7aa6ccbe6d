import type { Bandwidth, Duration, Size } from './quantities.js';

/** When Harbor does something: five cron fields in UTC, such as `30 3 * * *` or `0-55/5 * * * *` (no `*` as minute), `@hourly`, `@daily`, `@weekly`, or `never`, which ends an earlier schedule. */
export type HarborSchedule = string;

/** Users that Harbor keeps itself, in its database. */
export interface DatabaseAuthentication {
  readonly type: 'database';
}

/** Users and groups of a directory. */
export interface LdapAuthentication {
  readonly type: 'ldap';
  /** Such as `ldaps://ldap.example.com`. */
  readonly url: string;
  /** Where users are, such as `ou=people,dc=example,dc=com`. */
  readonly baseDn: string;
  /** Who searches. @default - anonymous */
  readonly searchDn?: string;
  /** Secret in Harbor's namespace with the searcher's password under `password`. @default - none */
  readonly passwordSecret?: string;
  /** Attribute that users log in with. @default uid */
  readonly uid?: string;
  /** Which users, such as `(objectClass=person)`. @default - all */
  readonly filter?: string;
  /** Where groups are, such as `ou=groups,dc=example,dc=com`. @default - no groups */
  readonly groupBaseDn?: string;
  /** Which groups. @default - all */
  readonly groupFilter?: string;
  /** Attribute with a group's name. @default cn */
  readonly groupAttribute?: string;
  /** Group whose members administrate Harbor. @default - none */
  readonly adminGroupDn?: string;
  /** The certificate of the server is checked. @default true */
  readonly verifyCertificate?: boolean;
}

/** Users and groups of an OpenID Connect provider. */
export interface OidcAuthentication {
  readonly type: 'oidc';
  /** What the login page calls it. */
  readonly name: string;
  /** Issuer, such as `https://login.example.com/realms/example`. */
  readonly endpoint: string;
  readonly clientId: string;
  /** Name of the Secret in Harbor's namespace with the client's secret under `clientSecret`. */
  readonly credentialsSecret: string;
  /** @default openid, profile, email, offline_access */
  readonly scopes?: readonly string[];
  /** Claim with the user's name in Harbor. @default - the user chooses it at the first login */
  readonly userClaim?: string;
  /** Claim with the names of groups. @default - no groups */
  readonly groupsClaim?: string;
  /** Group whose members administrate Harbor. @default - none */
  readonly adminGroup?: string;
  /** Pattern of groups that Harbor takes over. @default - all */
  readonly groupFilter?: string;
  /** Users come into being at their first login, without being asked for a name. @default true with `userClaim` */
  readonly autoOnboard?: boolean;
  /** The certificate of the provider is checked. @default true */
  readonly verifyCertificate?: boolean;
}

/** Who users are. Harbor changes it only while it has no other user than its admin. */
export type Authentication = DatabaseAuthentication | LdapAuthentication | OidcAuthentication;

/** Who users are: one of these factories. */
export const Authentication = {
  /** Harbor's own database. */
  database: (): DatabaseAuthentication => ({ type: 'database' }),
  /** A directory. */
  ldap: (props: Omit<LdapAuthentication, 'type'>): LdapAuthentication => ({ type: 'ldap', ...props }),
  /** An OpenID Connect provider. */
  oidc: (props: Omit<OidcAuthentication, 'type'>): OidcAuthentication => ({ type: 'oidc', ...props }),
} as const;

/** CVEs that stop no pull. */
export interface CveAllowlistProps {
  /** Such as `CVE-2024-12345`. */
  readonly cves: readonly string[];
  /** Last day on which the list counts, such as `2027-03-31`. @default - it never ends */
  readonly until?: string;
}

/** A label of images. */
export interface LabelProps {
  /** @default #0065ab */
  readonly color?: string;
}

/**
 * Harbor's own settings. Given at all, even empty, they switch settings as code on: projects, robots, replication and all below are
 * then brought about, kept, and repaired. What is not given is left as it is in Harbor.
 */
export interface SettingsProps {
  /** @default - left as it is; a new Harbor has `database` */
  readonly authentication?: Authentication;
  /** What robots' login names begin with. @default robot$ */
  readonly robotPrefix?: string;
  /** Text above every page. @default - left as it is */
  readonly banner?: string;
  /** Who may make projects. @default - `administrators`, so that all projects are those planned */
  readonly projectCreation?: 'everyone' | 'administrators';
  /** Anyone may register, with database authentication. @default - left as it is */
  readonly selfRegistration?: boolean;
  /** Nothing can be pushed or deleted, as during a migration. @default - left as it is */
  readonly readOnly?: boolean;
  /** How long a token for pulls and pushes counts, in whole minutes: a push of a big layer must end in it. @default - left as it is; a new Harbor has 30m */
  readonly tokenExpiry?: Duration;
  /** How long a login by browser counts, in whole minutes. @default - left as it is; a new Harbor has 60m */
  readonly sessionTimeout?: Duration;
  /** What a project may hold unless it says otherwise. @default - left as it is; a new Harbor has no limit */
  readonly projectQuota?: Size | 'unlimited';
  /** Pulls by the scanner do not count as use, for retention by last pull. @default - left as it is */
  readonly scannerSkipsPullTime?: boolean;
  readonly auditLog?: {
    /** `host:port` of a syslog server over TCP. Harbor must reach it when it is set. @default - left as it is */
    readonly forwardTo?: string;
    /** Keep nothing in Harbor's database; needs `forwardTo`. @default - left as it is */
    readonly skipDatabase?: boolean;
    /** Events that are not written down, such as `pull_artifact`. @default - left as they are */
    readonly disabledEvents?: readonly string[];
  };
  /** Frees the space of what was deleted. @default - left as it is; a new Harbor never does */
  readonly garbageCollection?: {
    readonly schedule: HarborSchedule;
    /** Also what has no tag. @default false */
    readonly deleteUntagged?: boolean;
    /** Deletions at a time, at most 5. @default 1 */
    readonly workers?: number;
  };
  /** Scans all images again. @default - left as it is; a new Harbor never does */
  readonly scanAll?: { readonly schedule: HarborSchedule };
  /** Deletes old audit logs. @default - left as it is; a new Harbor keeps all */
  readonly auditPurge?: {
    readonly schedule: HarborSchedule;
    /** Logs that are younger stay; whole hours. @default 2160h (90 days) */
    readonly keep?: Duration;
    /** Events whose logs go. @default create_artifact, delete_artifact, pull_artifact */
    readonly events?: readonly string[];
  };
  /** CVEs that stop nobody in any project that has no list of its own. @default - left as it is */
  readonly cveAllowlist?: CveAllowlistProps;
  /** Labels that every project may use, by name. @default - none */
  readonly labels?: Readonly<Record<string, LabelProps>>;
  /**
   * Brings the settings about from inside each cluster: a Job after each change, and one against drift. It is one short pod of 64 MB.
   * `false` leaves it to `harbor-fleet settings apply`. @default - every 30 minutes
   */
  readonly reconcile?: ReconcileProps | false;
}

/** How settings are brought about in the cluster. */
export interface ReconcileProps {
  /** Image with Node 20 or later as `node`. @default docker.io/library/node:22.12.0-alpine3.21 */
  readonly image?: string;
  /** When drift is looked for: five cron fields of Kubernetes in the time zone of its controllers, mostly UTC, or `@hourly`, `@daily`, `@weekly`. @default every 30 minutes */
  readonly schedule?: string;
}

/** A user of Harbor's own database. */
export interface UserProps {
  readonly email: string;
  /** May do everything. @default false */
  readonly admin?: boolean;
}

/** A group of LDAP or OIDC. */
export interface GroupProps {
  /** Its DN, with LDAP. */
  readonly ldapDn?: string;
}

/** What members of a project may do, in Harbor's words. */
export type ProjectRole = 'projectAdmin' | 'maintainer' | 'developer' | 'guest' | 'limitedGuest';

/** Which tags of which repositories, as doublestar patterns: `*` within a name, `**` across names, `{a,b}` for either. */
export interface TagRuleProps {
  /** @default ** */
  readonly repositories?: string;
  /** Repositories that are not meant, in place of `repositories`. */
  readonly exceptRepositories?: string;
  /** @default ** */
  readonly tags?: string;
  /** Tags that are not meant, in place of `tags`. */
  readonly exceptTags?: string;
}

/** What a retention rule keeps: one of the five. */
export interface RetentionRuleProps extends TagRuleProps {
  /** The artifacts pushed last, so many. */
  readonly latestPushed?: number;
  /** The artifacts pulled last, so many. */
  readonly latestPulled?: number;
  /** Those pushed in so many days. */
  readonly pushedWithinDays?: number;
  /** Those pulled in so many days. */
  readonly pulledWithinDays?: number;
  /** All of them. */
  readonly always?: boolean;
  /** What has no tag is kept by this rule too. @default false */
  readonly untagged?: boolean;
}

export type WebhookEvent =
  | 'PUSH_ARTIFACT'
  | 'PULL_ARTIFACT'
  | 'DELETE_ARTIFACT'
  | 'QUOTA_EXCEED'
  | 'QUOTA_WARNING'
  | 'SCANNING_FAILED'
  | 'SCANNING_STOPPED'
  | 'SCANNING_COMPLETED'
  | 'REPLICATION'
  | 'TAG_RETENTION';

export interface WebhookProps {
  /** URL that is called. */
  readonly address: string;
  readonly events: readonly WebhookEvent[];
  /** @default http */
  readonly type?: 'http' | 'slack';
  /** @default Default */
  readonly format?: 'Default' | 'CloudEvents';
  /** Secret in Harbor's namespace with the whole `Authorization` header under `authorization`. @default - none */
  readonly authorizationSecret?: string;
  /** The certificate is not checked. @default false */
  readonly insecure?: boolean;
}

/** A project that fetches its images from another registry when they are first pulled. Nobody can push to it. */
export interface ProxyCacheProps {
  /** Name of one of the `registries`, or of another region. */
  readonly registry: string;
  /** How fast one fetch may be, at least 1Mbit/s. @default - no limit */
  readonly bandwidth?: Bandwidth;
  /** Images that were deleted there are still served. Harbor 2.15. @default false */
  readonly keepDeleted?: boolean;
}

/** Fills the region's Kraken with what is pushed, before anyone pulls it. */
export interface PreheatProps {
  /** @default ** */
  readonly repositories?: string;
  /** @default ** */
  readonly tags?: string;
  /** @default - at each push */
  readonly schedule?: HarborSchedule;
}

/** How a project's images travel. */
export interface ReplicationProps {
  /** What is deleted at home is deleted everywhere. Harbor does not tell of what retention deletes. @default false */
  readonly deletion?: boolean;
  /** How fast one copy may be, at least 1Mbit/s; several may run at a time. @default - no limit */
  readonly bandwidth?: Bandwidth;
  /**
   * When everything is compared, so that what an outage left out is copied. Each costs one look at every repository.
   * @default - once an hour, each project at another minute
   */
  readonly schedule?: HarborSchedule;
}

/** What a project is like inside Harbor. What is not given is left as it is; a list that is given is whole. */
export interface ProjectDetailsProps {
  /** Most that it may hold. @default - left as it is; a new project has that of `settings.projectQuota` */
  readonly quota?: Size | 'unlimited';
  /** Users by name, and what they may do. Unlike the others here they lose their membership. @default - left as they are */
  readonly members?: {
    readonly users?: Readonly<Record<string, ProjectRole>>;
    /** Groups of LDAP or OIDC. */
    readonly groups?: Readonly<Record<string, ProjectRole>>;
  };
  /** Images are scanned when they are pushed. @default - left as it is */
  readonly scanOnPush?: boolean;
  /** A bill of materials is made when an image is pushed. @default - left as it is */
  readonly sbomOnPush?: boolean;
  /** Images with vulnerabilities of this severity or a higher one cannot be pulled; `none` lets all through. @default - left as it is */
  readonly blockSeverity?: 'low' | 'medium' | 'high' | 'critical' | 'none';
  /** Only images signed so can be pulled. @default - left as it is */
  readonly requireSignature?: readonly ('cosign' | 'notation')[];
  /** CVEs that stop nobody here, in place of those of all of Harbor. @default - left as they are */
  readonly cveAllowlist?: CveAllowlistProps;
  /** Which images are kept; all others are deleted. @default - left as it is; a new project keeps all */
  readonly retention?: {
    /** @default - once a day, each project at another time */
    readonly schedule?: HarborSchedule;
    readonly rules: readonly RetentionRuleProps[];
  };
  /** Tags that nobody overwrites or deletes. @default - left as they are */
  readonly immutability?: readonly TagRuleProps[];
  /** Who is told of what happens, by name. @default - left as they are */
  readonly webhooks?: Readonly<Record<string, WebhookProps>>;
  /** Labels by name. @default - left as they are */
  readonly labels?: Readonly<Record<string, LabelProps>>;
  /** @default - none: it is a project of its own */
  readonly proxyCache?: ProxyCacheProps;
  /** Preheat policies by name. Kraken hears of every push anyway; these also fill it on a schedule. @default - left as they are */
  readonly preheat?: Readonly<Record<string, PreheatProps>>;
  readonly replication?: ReplicationProps;
}

/** A robot account: one for each consumer, so that each can be taken away alone. Its password is among the planned Secrets. */
export interface RobotProps {
  /** Projects that it may pull. @default - none */
  readonly pull?: readonly string[] | 'all';
  /** Projects that it may push and pull, in the regions where they are pushed. @default - none */
  readonly push?: readonly string[] | 'all';
  /** Namespaces that get a Secret `<instance>-pull-<robot>` for `imagePullSecrets`. They must be there. @default - none */
  readonly namespaces?: readonly string[];
  /** A new number is a new password, and the login name ends in it. @default 1 */
  readonly generation?: number;
  /**
   * The generation before still counts, until all who use it have changed; nodes pull with it, and change to the new one when this is
   * `false`. With the next generation take it away again, or that one is asked for before Harbor knows it. @default true from generation 2 on
   */
  readonly previous?: boolean;
}
