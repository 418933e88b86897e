import { type TadaDocumentNode, initGraphQLTada } from 'gql.tada';
import { print } from 'graphql';

import { learnTime } from './clock.js';
import type { introspection } from './graphql-env.d.ts';
import { refusalWords } from './refusal-words.js';

/** Operations typed by schema.gql: a field that the service does not have is a type error here. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { JSON: unknown; DateTime: string; Cursor: string };
}>();

const PATIENCE_MS = 20_000;

/** A refusal by the service, in words for people, or no answer at all (`code` is then NETWORK). */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** Whether the same again may work later: nobody has judged what was asked. */
  get isPassing(): boolean {
    return ['NETWORK', 'OVERLOADED', 'RATE_LIMITED', 'INTERNAL'].includes(this.code);
  }
}

/** Whatever was thrown, as an ApiError. */
export function apiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError('INTERNAL', String(error));
}

const signedOut = new Set<() => void>();

/** Calls back when the service no longer knows who we are. Returns how to stop that. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

/**
 * Sends one operation with the session cookie and returns its data. Throws ApiError. `isLast` lets the request outlive
 * the page, which browsers do for bodies of up to 64 KiB.
 */
export async function ask<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  { isLast = false } = {},
): Promise<Data> {
  let answer: { data?: Data; errors?: { message: string; extensions?: { code?: string } }[] };
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: print(document), variables }),
      ...(isLast ? { keepalive: true } : { signal: AbortSignal.timeout(PATIENCE_MS) }),
    });
    learnTime(response);
    answer = (await response.json()) as typeof answer;
  } catch {
    throw new ApiError('NETWORK', 'The service does not answer.');
  }
  const [error] = answer.errors ?? [];
  if (!error) return answer.data as Data;
  const code = error.extensions?.code ?? 'INTERNAL';
  if (code === 'UNAUTHENTICATED') for (const listener of signedOut) listener();
  throw new ApiError(code, refusalWords(code, error.message, error.extensions), error.extensions);
}
