import { bytes, type Size } from './quantities.js';
import type { Reader } from './reader.js';

const GIBIBYTE = 2 ** 30;

/** How many GiB a size has: what clouds count in. */
export const gibibytes = (size: Size): number => bytes(size) / GIBIBYTE;

/** Reads a size that a cloud sells: whole GiB. */
export function readGibibytes(reader: Reader, key: string, least: Size, most: Size): Size | undefined {
  const whole = (text: string): number => (bytes(text) % GIBIBYTE === 0 ? bytes(text) : Number.NaN);
  const allowed = `a size in whole Gi or Ti, from ${least} to ${most}`;
  return reader.quantity<Size>(key, whole, allowed, bytes(least), bytes(most));
}

/** Reads the size of a database's disk to begin with, 20Gi unless given, and the one up to which it grows, 100Gi unless it begins with more. */
export function readGrowth(reader: Reader, least: Size, most: Size): { readonly size: Size; readonly maxSize: Size } {
  const size = readGibibytes(reader, 'size', least, most) ?? '20Gi';
  const maxSize = readGibibytes(reader, 'maxSize', least, most) ?? (bytes(size) > bytes('100Gi') ? size : '100Gi');
  if (bytes(maxSize) < bytes(size)) {
    const problem = 'is smaller than the disk to begin with';
    reader.issues.error(reader.at('maxSize'), problem, maxSize, `at least ${size}`, 'raise it, or lower size');
  }
  return { size, maxSize };
}
