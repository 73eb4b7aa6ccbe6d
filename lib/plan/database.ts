import type { InstallationSize } from './components.js';
import { type PasswordRef, passwordSecret, readSecret } from './given-secrets.js';
import { HOST, OBJECT_NAME } from './names.js';
import { bytes, type Size } from './quantities.js';
import type { Reader, TextRule } from './reader.js';
import type { SecretPlan } from './secrets.js';
import { PEM } from './tls.js';

/** How a connection to PostgreSQL is protected (libpq's words). */
export type SslMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

/** PostgreSQL in one pod of the cluster, for small and test installations: no replica, no backup. */
export interface EmbeddedDatabase {
  readonly type: 'embedded';
  /** StorageClass of its volume; block storage, never a network file system. @default - the cluster's default class */
  readonly storageClass?: string;
  /**
   * Size of its volume. An upgrade of PostgreSQL needs twice what is in use. A StatefulSet takes no other size later: then grow the
   * claim itself, delete the StatefulSet with `--cascade=orphan`, and apply. @default 5Gi
   */
  readonly size?: Size;
}

/** A PostgreSQL server of the team's own or of a cloud. Best of the version that Harbor ships and is tested with: 15 for 2.14, 18 for 2.15.2. */
export interface ExternalDatabase {
  readonly type: 'external';
  readonly host: string;
  /** @default 5432 */
  readonly port?: number;
  /** The database, which must exist and be empty. @default registry */
  readonly name?: string;
  /** A user that may create tables in it. @default postgres */
  readonly username?: string;
  /** `require` encrypts without asking who answers. @default verify-full with `ca`, else require */
  readonly sslMode?: SslMode;
  /**
   * The user's password, without spaces, quotes or backslashes. Only a value known when deployed (a Pulumi Output) is accepted; a
   * plain text would land in the manifests. This or `passwordSecret` is needed.
   */
  readonly password?: string;
  /** Name of the Secret in Harbor's namespace with the user's password under `password`. @default - made of `password` */
  readonly passwordSecret?: string;
  /** Connections that the server accepts; the plan shares them out among Harbor's pods. @default 100, PostgreSQL's own */
  readonly maxConnections?: number;
  /** PEM of the CA that signed the server's certificate. @default - a public CA */
  readonly ca?: string;
}

/** Where Harbor keeps everything but its images. */
export type Database = EmbeddedDatabase | ExternalDatabase;

/** Where Harbor keeps everything but its images: one of these factories. */
export const Database = {
  /** PostgreSQL in one pod, for small and test installations. */
  embedded: (props: Omit<EmbeddedDatabase, 'type'> = {}): EmbeddedDatabase => ({ type: 'embedded', ...props }),
  /** A PostgreSQL server that exists. */
  external: (props: Omit<ExternalDatabase, 'type'>): ExternalDatabase => ({ type: 'external', ...props }),
} as const;

/** The database as planned. */
export interface DatabasePlan {
  readonly type: Database['type'];
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly name: string;
  readonly sslMode: SslMode;
  /** Where the password is. */
  readonly password: PasswordRef;
  /** Connections that the server accepts from all together. */
  readonly maxConnections: number;
  /** PEM of a private CA. */
  readonly ca?: string;
  /** Of the embedded one's volume. */
  readonly storageClass?: string;
  /** Of the embedded one's volume. */
  readonly volumeSize?: Size;
}

/** What a service inside Harbor must know of its Harbor. */
export interface ServiceContext {
  readonly size: InstallationSize;
  readonly instance: string;
  readonly namespace: string;
}

/** Name of a PostgreSQL database or role; Harbor writes it unquoted into a connection string. */
const IDENTIFIER: TextRule = {
  pattern: /^[A-Za-z_][A-Za-z0-9_.@$-]*$/,
  allowed: 'letters, digits, "_", "-", "." and "@", at most 63 characters',
  maxLength: 63,
};

/** Reads the database and records every mistake. */
export function readDatabase(reader: Reader, key: string, context: ServiceContext): DatabasePlan {
  const database = reader.child(key);
  if (!reader.has(key)) {
    if (context.size !== 'small') refuseDefault(reader, key, context.size);
    return readEmbedded(database, context);
  }
  if (!database.has('type')) database.missing('type', 'embedded or external');
  const type = database.choice('type', ['embedded', 'external'] as const);
  if (type === 'external') return readExternal(database, context);
  if (type === 'embedded' && context.size !== 'small') {
    database.issues.warning(
      database.path,
      'is one pod without a replica: Harbor stands still while it moves to another node, and its volume is the only copy',
      'embedded',
      'an external PostgreSQL with replicas and backups for medium and large',
      'use Database.external(…)',
    );
  }
  return type === undefined ? embedded(context, {}) : readEmbedded(database, context);
}

function refuseDefault(reader: Reader, key: string, size: InstallationSize): void {
  reader.issues.error(
    reader.at(key),
    `is missing: an installation of size ${size} gets no database by default`,
    undefined,
    'an external PostgreSQL; the embedded one is the default of small only',
    'add Database.external({ host, passwordSecret }), or Database.embedded() to accept one pod without a replica',
  );
}

function readEmbedded(database: Reader, context: ServiceContext): DatabasePlan {
  database.only('type', 'storageClass', 'size');
  return embedded(context, {
    storageClass: database.text('storageClass', OBJECT_NAME),
    size: database.quantity<Size>('size', bytes, 'a size of at least "1Gi"', bytes('1Gi')),
  });
}

function embedded(context: ServiceContext, volume: Omit<EmbeddedDatabase, 'type'>): DatabasePlan {
  const name = `${context.instance}-database`;
  return {
    type: 'embedded',
    host: `${name}.${context.namespace}.svc.cluster.local`,
    port: 5432,
    username: 'postgres',
    name: 'registry',
    sslMode: 'disable',
    password: { secret: name, key: 'POSTGRES_PASSWORD' },
    // POSTGRES_MAX_CONNECTIONS of the image goharbor/harbor-db.
    maxConnections: 1024,
    storageClass: volume.storageClass,
    volumeSize: volume.size ?? '5Gi',
  };
}

/** Harbor writes it unquoted into a connection string. */
const PASSWORD: TextRule = {
  pattern: /^[^\s'"\\]+$/,
  allowed: 'a password without spaces, quotes and backslashes',
};

function readExternal(database: Reader, { instance }: ServiceContext): DatabasePlan {
  database.only(
    ...['type', 'host', 'port', 'name', 'username', 'sslMode', 'password', 'passwordSecret', 'maxConnections', 'ca'],
  );
  const ca = database.text('ca', PEM);
  const sslMode =
    database.choice('sslMode', ['disable', 'require', 'verify-ca', 'verify-full'] as const) ??
    (ca === undefined ? 'require' : 'verify-full');
  if (ca !== undefined && (sslMode === 'disable' || sslMode === 'require')) {
    database.issues.error(
      database.at('ca'),
      `is not used with sslMode ${sslMode}`,
      sslMode,
      'verify-ca or verify-full',
      'set sslMode: verify-full, or remove ca',
    );
  }
  if (sslMode === 'disable') {
    database.issues.warning(
      database.at('sslMode'),
      'lets everyone on the way read what Harbor stores',
      sslMode,
      'require, verify-ca or verify-full',
      'set sslMode: verify-full, with ca when the server has a private one',
    );
  }
  const host = database.requiredText('host', HOST);
  const password = readSecret(database, {
    value: 'password',
    secret: 'passwordSecret',
    key: 'password',
    // Not the name of the embedded one's Secret, which is kept.
    planned: `${instance}-database-password`,
    required: true,
    rule: PASSWORD,
  });
  return {
    type: 'external',
    host,
    port: database.count('port', 1, 65535) ?? 5432,
    username: database.text('username', IDENTIFIER) ?? 'postgres',
    name: database.text('name', IDENTIFIER) ?? 'registry',
    sslMode,
    password: { secret: password.secret ?? '', key: 'password', given: password.given },
    maxConnections: database.count('maxConnections', 10, 262143) ?? 100,
    ca,
  };
}

/** The Secret with the database's password; that of the embedded one lies in its volume too. */
export const databaseSecrets = (
  { type, password }: DatabasePlan,
  where: { readonly namespace: string; readonly readers: readonly string[] },
): SecretPlan[] => {
  const embedded = type === 'embedded';
  return [passwordSecret(password, { ...where, ours: embedded, keep: embedded })];
};
