import { createHash } from 'node:crypto';

const MAX_LENGTH = 63;

/**
 * The name of a resource in a cloud, of its parts: at most 63 lower-case letters, digits and "-", beginning with a letter, which
 * Azure and Google Cloud take everywhere. What does not fit is shortened or replaced, and ends in a hash of the whole, so that the same
 * parts always make the same name and others another.
 */
export function resourceName(...parts: readonly string[]): string {
  const text = parts.join('-');
  const fitting = text
    .toLowerCase()
    .replace(/[^a-z0-9]+(?<!-)/g, '-')
    .replace(/^[^a-z]+/, '')
    .replace(/-+$/, '');
  if (fitting === text && text.length <= MAX_LENGTH) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const kept = fitting.slice(0, MAX_LENGTH - hash.length - 1).replace(/-+$/, '');
  return kept === '' ? `n-${hash}` : `${kept}-${hash}`;
}
