import type { TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';

const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;

let client: Client | undefined;

/** Calls `onData` for each event until the returned function is called. Reconnects by itself. */
export function listen<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  onData: (data: Data) => void,
): () => void {
  client ??= createClient({ url, retryAttempts: Number.POSITIVE_INFINITY, shouldRetry: () => true });
  return client.subscribe<Data>(
    { query: print(document), variables },
    { next: (result) => result.data && onData(result.data), error: () => undefined, complete: () => undefined },
  );
}
