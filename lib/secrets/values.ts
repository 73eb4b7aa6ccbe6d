import { createPrivateKey } from 'node:crypto';
import { compareSync, encodeBase64, hashSync } from 'bcryptjs';
import type { Source } from './source.js';

const CLASSES = ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '0123456789'] as const;
const ALPHABET = CLASSES.join('');

/** Two to the tenth rounds: about 0.1 s a check, which the registry does once for each connection of core. */
const BCRYPT_COST = 10;

/**
 * A password of letters and digits with at least one capital, one small letter and one digit, as Harbor asks of its admin.
 * Every such password is equally likely: one that lacks a class is thrown away whole.
 *
 * @throws RangeError when the length has no room for the three classes
 */
export function password(length: number, source: Source): string {
  if (length < CLASSES.length)
    throw new RangeError(`a password of ${length} characters cannot hold three kinds of them`);
  for (;;) {
    const text = Array.from({ length }, () => ALPHABET[source.integer(ALPHABET.length)]).join('');
    if (CLASSES.every((characters) => [...text].some((character) => characters.includes(character)))) return text;
  }
}

/** An htpasswd line with a bcrypt hash, the only kind that the registry accepts. */
export function htpasswd(username: string, secret: string, source: Source): string {
  const salt = encodeBase64([...source.bytes(16)], 16);
  return `${username}:${hashSync(secret, `$2b$${BCRYPT_COST}$${salt}`)}`;
}

/** Whether an htpasswd line lets this user in with this password. */
export function htpasswdMatches(line: string, username: string, secret: string): boolean {
  const hash = line.trim().slice(username.length + 1);
  return line.startsWith(`${username}:`) && /^\$2[aby]\$\d\d\$.{53}$/.test(hash) && compareSync(secret, hash);
}

/** The nginx line that adds HTTP basic authentication to the requests it passes on. */
export function nginxBasicAuth(username: string, secret: string): string {
  return `proxy_set_header Authorization "Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}";\n`;
}

/** By whom a registry is asked. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

/**
 * What the kubelet reads from a Secret of the type `kubernetes.io/dockerconfigjson`. It tries all accounts of a host, those of the key
 * that sorts last first (Kubernetes, "Interpretation of config.json"), so the previous account comes before the new one: Harbor knows
 * it already, and asks anyone with an unknown name to wait. What knows only hosts, as docker does, finds the previous one too.
 */
export function dockerConfig(hosts: readonly string[], account: Account, previous?: Account): string {
  const entry = ({ username, password: secret }: Account) => ({
    username,
    password: secret,
    auth: Buffer.from(`${username}:${secret}`).toString('base64'),
  });
  return JSON.stringify({
    auths: Object.fromEntries([
      ...hosts.map((host) => [host, entry(previous ?? account)] as const),
      ...(previous === undefined ? [] : hosts.map((host) => [secondKey(host), entry(account)] as const)),
    ]),
  });
}

/** A pattern of the same host that sorts before it: `registr*y.example.com`. "*" sorts before all that a host is made of. */
const secondKey = (host: string): string => host.replace(/^([^.:]*)([^.:])/, '$1*$2');

/** A new RSA private key in the PEM form of PKCS#1, which Harbor's core reads. */
export function rsaKey(source: Source): string {
  return source.rsaKey().export({ type: 'pkcs1', format: 'pem' }).toString();
}

/** Whether a text is an unencrypted RSA private key. */
export function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
