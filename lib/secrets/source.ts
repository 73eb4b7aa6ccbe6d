import { generateKeyPairSync, type KeyObject, randomBytes, randomInt } from 'node:crypto';

/** Where chance and time come from: the system's own, or fixed ones in tests. */
export interface Source {
  /** A whole number from 0 to one below the bound, each as likely as the other. */
  integer(below: number): number;
  bytes(length: number): Uint8Array;
  /** A new RSA private key of 2048 bits. */
  rsaKey(): KeyObject;
  now(): Date;
}

/** The operating system's random generator and clock. */
export const systemSource: Source = {
  integer: (below) => randomInt(below),
  bytes: (length) => randomBytes(length),
  rsaKey: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  now: () => new Date(),
};
