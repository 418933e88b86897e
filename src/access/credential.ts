import type { IncomingHttpHeaders } from 'node:http';

/** Where the browser session is kept. The prefix makes browsers refuse it over plain http and from other hosts. */
export const cookieName = (isSecure: boolean) => (isSecure ? '__Host-countersign' : 'countersign');

export interface Credential {
  readonly token: string;
  /** A browser sends a cookie by itself, also for a page of somebody else; a bearer token is sent on purpose. */
  readonly isCookie: boolean;
}

/**
 * What a request presents: the Authorization header, or else the session cookie. Nothing else is looked at; a token in
 * an address ends up in logs and histories and is never accepted.
 */
export function credentialOf(headers: IncomingHttpHeaders, isSecure: boolean): Credential | null {
  if (headers.authorization !== undefined) return { token: bearerOf(headers.authorization), isCookie: false };
  const token = cookieOf(headers.cookie ?? '', cookieName(isSecure));
  return token ? { token, isCookie: true } : null;
}

/** The token of an Authorization header; what is not one is returned as it stands and fails its checksum. */
export function bearerOf(authorization: string): string {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? authorization;
}

/** Our tokens need no quoting or escaping, so a cookie is read as it stands. */
function cookieOf(header: string, name: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/**
 * Whether a page of another origin sent this. Browsers say so: Sec-Fetch-Site always, Origin on anything but a plain
 * GET. Programs send neither.
 */
export function isForeign(headers: IncomingHttpHeaders, trustedOrigins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin !== undefined) {
    if (trustedOrigins.includes(origin)) return false;
    return !URL.canParse(origin) || new URL(origin).host !== host;
  }
  const site = headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}
