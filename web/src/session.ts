import { ApiError } from './graphql.js';

/** Exchanges a personal token for a session cookie that scripts cannot read. */
export async function signIn(token: string): Promise<void> {
  const response = await fetch('/session', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => {
    throw new ApiError('NETWORK', 'The service does not answer.');
  });
  if (!response.ok) throw new ApiError('UNAUTHENTICATED', 'This token is not valid, or no longer.');
}

export async function signOut(): Promise<void> {
  await fetch('/session', { method: 'DELETE', credentials: 'same-origin' });
}
