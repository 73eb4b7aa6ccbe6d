import { indent } from './text.js';

/**
 * Seconds after which a read is given up that hears nothing: whoever pulls then asks the next region. Two steps of it, Kraken's and Harbor's, stay far
 * below what containerd allows a pull (`image_pull_progress_timeout`, five minutes), and it is what containerd 2.3 waits itself. Between
 * two reads, so a layer may take as long as it takes.
 */
export const READ_SECONDS = 30;

/** Room for maps of thousands of projects with names as long as Harbor takes them. */
export const MAP_HASH = `map_hash_bucket_size 512;
map_hash_max_size 16384;
`;

/** Words that mean something to `map` itself. */
const RESERVED: readonly string[] = ['default', 'hostnames', 'include', 'volatile'];

/** A text that a map compares as it is. */
export const mapKey = (text: string): string => (RESERVED.includes(text) ? `\\${text}` : text);

/** A map of nginx: a line for each case, and an empty text for all others. One expression of them all would be too long: nginx takes 4096 bytes. */
export const nginxMap = (from: string, to: string, lines: readonly string[]): string =>
  `map ${from} ${to} {\n${indent(`${['default "";', ...lines].join('\n')}\n`)}}\n`;
