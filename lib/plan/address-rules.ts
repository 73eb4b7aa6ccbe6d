import type { TextRule } from './reader.js';

/** Without zeros in front, which some programs read as octal. */
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const V4 = `${OCTET}(?:\\.${OCTET}){3}`;

const GROUP = '[0-9a-fA-F]{1,4}';
/** Eight groups, or fewer where `::` stands for the rest; the last two also as IPv4 (RFC 4291, 2.2). */
const V6 = [
  `(?:${GROUP}:){7}${GROUP}`,
  `(?:${GROUP}:){6}${V4}`,
  `(?!(?::{0,2}${GROUP}\\b){8})(?:${GROUP}(?::${GROUP})*)?::(?:(?:${GROUP}:)*${GROUP})?`,
  `(?!(?::{0,2}${GROUP}:){6})(?:${GROUP}(?::${GROUP})*)?::(?:${GROUP}:)*${V4}`,
].join('|');

const V4_RANGE = `${V4}/(?:3[0-2]|[12]?\\d)`;
const V6_RANGE = `(?:${V6})/(?:12[0-8]|1[01]\\d|[1-9]?\\d)`;

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);

/** One IPv4 address. */
export const IPV4: TextRule = { pattern: whole(V4), allowed: 'an IPv4 address' };

/** One IPv6 address, without a zone. */
export const IPV6: TextRule = { pattern: whole(V6), allowed: 'an IPv6 address' };

/** One address of either kind. */
export const ADDRESS: TextRule = { pattern: whole(`${V4}|${V6}`), allowed: 'an IP address' };

/** A range of IPv4 addresses. Whether it begins at its first one is another question. */
export const IPV4_RANGE: TextRule = {
  pattern: whole(V4_RANGE),
  allowed: 'a range of IPv4 addresses such as 10.20.0.0/16',
};

/** A range of either kind. */
export const RANGE: TextRule = {
  pattern: whole(`${V4_RANGE}|${V6_RANGE}`),
  allowed: 'a network such as 203.0.113.0/24',
};

/** Whether a text is an IPv4 address. */
export const isIpv4 = (text: string): boolean => IPV4.pattern.test(text);

/** Whether a text is meant as an address, right or wrong: no name has a colon, or a number as its last label (RFC 3696, 2). */
export const looksLikeAddress = (text: string): boolean => /:|(?:^|\.)\d+$/.test(text);
