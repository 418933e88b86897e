import { type TadaDocumentNode, initGraphQLTada } from 'gql.tada';
import { print } from 'graphql';

import type { introspection } from './graphql-env.d.ts';

/** Operations typed by schema.gql: a field that the service does not have is a type error here. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { JSON: unknown; DateTime: string; Cursor: string };
}>();

/** A refusal by the service, or no answer at all (`code` is then NETWORK). */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** Sends one operation with the session cookie and returns its data. Throws ApiError. */
export async function ask<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  let answer: { data?: Data; errors?: { message: string; extensions?: { code?: string } }[] };
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: print(document), variables }),
    });
    answer = (await response.json()) as typeof answer;
  } catch {
    throw new ApiError('NETWORK', 'The service does not answer.');
  }
  const [error] = answer.errors ?? [];
  if (error) throw new ApiError(error.extensions?.code ?? 'INTERNAL', error.message, error.extensions);
  return answer.data as Data;
}
