import { createHmac, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The form of every credential:
 *
 *     csk_ <project id, base36> _ <key id, 10 base62> _ <secret, 43 base62> <checksum, 6 base62>
 *
 * The prefix says what it is, to people and to secret scanners. The project id lets the look-up name its project, as
 * every statement must. The checksum is the CRC-32 of all that stands before it: a mistyped or made-up token is refused
 * without asking the database. 43 base62 characters are 256 bits, so a fast HMAC is enough to keep the secret by.
 */
export const tokenPrefixes = {
  API_KEY: 'csk',
  PERSONAL_TOKEN: 'cst',
  SESSION: 'css',
  SIGN_IN_LINK: 'csl',
} as const;

export type KeyKind = keyof typeof tokenPrefixes;

/** For secret scanners: finds every credential of Countersign in a text. Check candidates with `parseToken`. */
export const TOKEN_PATTERN = 'cs[kstl]_[0-9a-z]{1,6}_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}';

export interface Token {
  readonly kind: KeyKind;
  readonly projectId: number;
  readonly keyId: string;
  readonly secret: string;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = new RegExp(`^${TOKEN_PATTERN}$`);
const CHECKSUM_LENGTH = 6;
const LARGEST_PROJECT_ID = 2 ** 31 - 1;
const kinds = new Map<string, KeyKind>(
  Object.entries(tokenPrefixes).map(([kind, prefix]) => [prefix, kind as KeyKind]),
);

/** A new credential and its printed form. The printed form is shown once and kept nowhere. */
export function mintToken(kind: KeyKind, projectId: number): { readonly token: Token; readonly text: string } {
  const token = { kind, projectId, keyId: randomBase62(10), secret: randomBase62(43) };
  return { token, text: formatToken(token) };
}

export function formatToken({ kind, projectId, keyId, secret }: Token): string {
  const body = `${tokenPrefixes[kind]}_${projectId.toString(36)}_${keyId}_${secret}`;
  return body + checksumOf(body);
}

/** The parts of a presented credential; null when its form or its checksum is wrong. */
export function parseToken(text: string): Token | null {
  if (!FORM.test(text)) return null;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  if (checksumOf(body) !== text.slice(-CHECKSUM_LENGTH)) return null;
  const [prefix = '', project = '', keyId = '', secret = ''] = body.split('_');
  const kind = kinds.get(prefix);
  const projectId = Number.parseInt(project, 36);
  if (!kind || projectId > LARGEST_PROJECT_ID) return null;
  return { kind, projectId, keyId, secret };
}

/** What is kept of a secret: without the service's own secret it neither signs in nor tells what it was made of. */
export function hmac(serviceSecret: string, secret: string): Buffer {
  return createHmac('sha256', serviceSecret).update(secret).digest();
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i += 1) {
    text = BASE62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function randomBase62(length: number): string {
  return Array.from({ length }, () => BASE62.charAt(randomInt(62))).join('');
}
