import type { NetworkType } from './networks.js';

/**
 * How tunnels are encrypted, always with IKEv2. `common` is what every cloud accepts: AES-256-CBC, SHA2-256, Diffie-Hellman group 14.
 * `strong` is AES-256-GCM, SHA2-384 and group 20, which Alibaba Cloud lacks.
 */
export type CryptoProfile = 'common' | 'strong';

/** One phase in a cloud's own words. */
export interface PhaseWords {
  readonly encryption: string;
  /** Integrity, or what the cloud wants there for a cipher that brings its own. */
  readonly integrity?: string;
  /** Pseudo-random function, where it is a setting of its own. */
  readonly prf?: string;
  /** Diffie-Hellman group: of the key exchange, or for forward secrecy. */
  readonly group: string;
}

/** A profile in a cloud's own words. */
export interface CryptoWords {
  readonly ike: PhaseWords;
  readonly esp: PhaseWords;
}

/** Seconds until keys are made anew: of IKE, and of ESP. */
export const LIFETIME = { ike: 28_800, esp: 3_600 } as const;

const phases = (encryption: string, integrity: string, group: string): CryptoWords => ({
  ike: { encryption, integrity, group },
  esp: { encryption, integrity, group },
});

const STRONGSWAN: Readonly<Record<CryptoProfile, CryptoWords>> = {
  common: phases('aes256', 'sha256', 'modp2048'),
  strong: {
    ike: { encryption: 'aes256gcm16', prf: 'prfsha384', group: 'ecp384' },
    esp: { encryption: 'aes256gcm16', group: 'ecp384' },
  },
};

/** The profiles as each provider's API, or strongSwan, writes them. Providers take their words from here, so that both ends agree. */
const WORDS: Readonly<Record<NetworkType, Readonly<Partial<Record<CryptoProfile, CryptoWords>>>>> = {
  aws: { common: phases('AES256', 'SHA2-256', '14'), strong: phases('AES256-GCM-16', 'SHA2-384', '20') },
  azure: {
    common: {
      ike: { encryption: 'AES256', integrity: 'SHA256', group: 'DHGroup14' },
      esp: { encryption: 'AES256', integrity: 'SHA256', group: 'PFS2048' },
    },
    strong: {
      ike: { encryption: 'GCMAES256', integrity: 'SHA384', group: 'ECP384' },
      esp: { encryption: 'GCMAES256', integrity: 'GCMAES256', group: 'ECP384' },
    },
  },
  gcp: {
    common: {
      ike: { encryption: 'AES-CBC-256', integrity: 'HMAC-SHA2-256-128', prf: 'PRF-HMAC-SHA2-256', group: 'Group-14' },
      esp: { encryption: 'AES-CBC-256', integrity: 'HMAC-SHA2-256-128', group: 'Group-14' },
    },
    strong: {
      ike: { encryption: 'AES-GCM-16-256', prf: 'PRF-HMAC-SHA2-384', group: 'Group-20' },
      esp: { encryption: 'AES-GCM-16-256', group: 'Group-20' },
    },
  },
  alicloud: { common: phases('aes256', 'sha256', 'group14') },
  huawei: {
    common: phases('aes-256', 'sha2-256', 'group14'),
    strong: phases('aes-256-gcm-16', 'sha2-384', 'group20'),
  },
  onPremises: STRONGSWAN,
  external: STRONGSWAN,
};

/** A profile in the words of a cloud; nothing when the cloud lacks it. */
export const cryptoWords = (type: NetworkType, profile: CryptoProfile): CryptoWords | undefined => WORDS[type][profile];

/**
 * The words of a cloud for the tunnels of a link.
 *
 * @throws Error when the cloud lacks the link's profile, which no plan lets happen
 */
export function wordsOf(
  type: NetworkType,
  link: { readonly name: string; readonly crypto?: CryptoProfile },
): CryptoWords {
  const { name, crypto = 'common' } = link;
  const words = cryptoWords(type, crypto);
  if (words === undefined) throw new Error(`link ${name} is encrypted as "${crypto}", which ${type} lacks`);
  return words;
}

const ENCRYPTION: Readonly<Record<string, string>> = {
  aes256: 'aes256',
  aescbc256: 'aes256',
  aes256gcm16: 'aes256gcm16',
  gcmaes256: 'aes256gcm16',
  aesgcm16256: 'aes256gcm16',
};
const HASH: Readonly<Record<string, string>> = {
  sha256: 'sha256',
  sha2256: 'sha256',
  hmacsha2256128: 'sha256',
  prfhmacsha2256: 'sha256',
  sha384: 'sha384',
  sha2384: 'sha384',
  prfsha384: 'sha384',
  prfhmacsha2384: 'sha384',
};
const GROUP: Readonly<Record<string, string>> = {
  '14': 'modp2048',
  group14: 'modp2048',
  dhgroup14: 'modp2048',
  pfs2048: 'modp2048',
  modp2048: 'modp2048',
  '20': 'ecp384',
  group20: 'ecp384',
  ecp384: 'ecp384',
};

/** A word that is not known stands for itself, so that it equals only the same word. */
const common = (words: Readonly<Record<string, string>>, word: string): string =>
  words[word.toLowerCase().replace(/[^a-z0-9]/g, '')] ?? word;

/**
 * A phase as strongSwan writes it, whatever cloud's words it is in: two ends agree when these are equal. A cipher that brings
 * its own integrity leaves the hash to the pseudo-random function of IKE.
 */
export function proposal(phase: PhaseWords, use: 'ike' | 'esp'): string {
  const encryption = common(ENCRYPTION, phase.encryption);
  const group = common(GROUP, phase.group);
  const hash = common(HASH, phase.prf ?? phase.integrity ?? '');
  if (!encryption.includes('gcm')) return `${encryption}-${hash}-${group}`;
  return use === 'ike' ? `${encryption}-prf${hash}-${group}` : `${encryption}-${group}`;
}
