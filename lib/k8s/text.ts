import { createHash } from 'node:crypto';
import { derive } from '../plan/deferred.js';

/** The YAML library, read when the first text is rendered: it would be a third of the time that importing this package takes. */
const library = (): typeof import('yaml') => require('yaml');

/**
 * Renders YAML. Long lines stay whole, so that texts do not change when a value does; texts that YAML 1.1 takes for something
 * else (`no`, `on`) are quoted, because Harbor's and Kraken's parsers still speak it; nothing is abbreviated by anchors.
 */
export const yaml = (value: unknown): string =>
  derive(value, (plain) => library().stringify(plain, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false }));

/** Renders JSON with an indent of two. */
export const json = (value: unknown): string => derive(value, (plain) => `${JSON.stringify(plain, null, 2)}\n`);

/** The SHA-256 of a text in hexadecimal. */
export const sha256 = (text: string): string =>
  derive(text, (plain) => createHash('sha256').update(plain).digest('hex'));

/** Lines, each indented by four more spaces. */
export const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');
