import { ApiError } from './graphql.js';

/** Who is signed in. */
export interface Who {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly role: string;
}

/** Exchanges a personal token for a session cookie that scripts cannot read. */
export function signIn(token: string): Promise<void> {
  return open('/session', { token });
}

/** The same with the one-time code of a sign-in link, which stands behind its #. */
export function signInOnce(code: string): Promise<void> {
  return open('/session/one-time', { code });
}

async function open(path: string, credential: object): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credential),
  }).catch(() => {
    throw new ApiError('NETWORK', 'The service does not answer.');
  });
  if (response.ok) return;
  const answer = (await response.json().catch(() => null)) as { errors?: { message: string }[] } | null;
  throw new ApiError('UNAUTHENTICATED', answer?.errors?.[0]?.message ?? 'This credential is not valid, or no longer.');
}

export async function signOut(): Promise<void> {
  await fetch('/session', { method: 'DELETE', credentials: 'same-origin' });
}
