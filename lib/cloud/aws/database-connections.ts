/** GiB of memory by size, for the families that RDS for PostgreSQL has (https://aws.amazon.com/rds/instance-types/). */
const FAMILIES: readonly (readonly [RegExp, Readonly<Record<string, number>>, perXlarge: number])[] = [
  [/^t\d+g?$/, { micro: 1, small: 2, medium: 4, large: 8 }, 16],
  [/^m\d+[a-z]*$/, { large: 8 }, 16],
  [/^r\d+[a-z]*$/, { large: 16 }, 32],
];

/** GiB of memory of an instance class such as `db.m7g.large`; nothing for one that is not known here. */
export function memoryOf(instanceClass: string): number | undefined {
  const [, family = '', size = ''] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  const [, sizes, perXlarge] = FAMILIES.find(([pattern]) => pattern.test(family)) ?? [];
  if (sizes === undefined || perXlarge === undefined) return undefined;
  const [, count] = /^(\d*)xlarge$/.exec(size) ?? [];
  return count === undefined ? sizes[size] : perXlarge * Number(count || 1);
}

/** Bytes for each connection in the default of RDS, `LEAST({DBInstanceClassMemory/9531392},5000)`. */
const BYTES_PER_CONNECTION = 9_531_392;
/** What AWS says of that memory: the operating system and RDS itself take their part of it first, how much is not told. */
const SHARE = 0.9;

/**
 * Connections that an instance class has memory for, by the rule of RDS
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections) less a tenth; nothing for a
 * class that is not known here.
 */
export function connectionsOf(instanceClass: string): number | undefined {
  const memory = memoryOf(instanceClass);
  if (memory === undefined) return undefined;
  return Math.min(5000, Math.floor((memory * 2 ** 30 * SHARE) / BYTES_PER_CONNECTION));
}
