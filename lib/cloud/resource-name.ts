import { createHash } from 'node:crypto';

/**
 * The name of a resource in a cloud, of its parts: at most 63 lower-case letters, digits and "-", beginning with a letter, which
 * Azure and Google Cloud take everywhere. What does not fit is shortened or replaced, and ends in a hash of the whole, so that the same
 * parts always make the same name and others another.
 */
export const resourceName = (...parts: readonly string[]): string => nameWithin(63, ...parts);

/** The same where a cloud takes fewer characters, at least 16. */
export function nameWithin(maxLength: number, ...parts: readonly string[]): string {
  const text = parts.join('-');
  const fitting = text
    .toLowerCase()
    .replace(/[^a-z0-9]+(?<!-)/g, '-')
    .replace(/^[^a-z]+/, '')
    .replace(/-+$/, '');
  if (fitting === text && text.length <= maxLength) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const kept = fitting.slice(0, maxLength - hash.length - 1).replace(/-+$/, '');
  return kept === '' ? `n-${hash}` : `${kept}-${hash}`;
}
