import type { TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';

const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;
const PING_MS = 10_000;
const PONG_MS = 4_000;
const LONGEST_WAIT_MS = 5_000;

let client: Client | undefined;
let isUp = true;
const watchers = new Set<(isUp: boolean) => void>();

/** Whether the service can be heard. Called at every change; returns how to stop that. */
export function watchConnection(watcher: (isUp: boolean) => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function isConnected(): boolean {
  return isUp;
}

function tell(now: boolean): void {
  if (isUp === now) return;
  isUp = now;
  for (const watcher of watchers) watcher(now);
}

/**
 * Calls `onData` for each event until the returned function is called. A connection that breaks, or that sleeps with
 * the laptop, is made again and goes on behind the last event. Where the log no longer reaches back so far, `onGap` is
 * called instead: what is shown has to be read anew.
 */
export function listen<Data extends Record<string, { cursor: string }>, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  onData: (data: Data) => void,
  onGap: () => void,
): () => void {
  // The client sends this object anew whenever it reconnects, so the last cursor is kept in it.
  const resumed: Record<string, unknown> = { ...variables };
  let stop = () => {};
  let isStopped = false;
  const start = () => {
    stop = connection().subscribe<Data>(
      { query: print(document), variables: resumed },
      {
        next: ({ data }) => {
          if (!data) return;
          const [event] = Object.values(data);
          if (event) resumed.after = event.cursor;
          onData(data);
        },
        error: () => {
          if (isStopped) return;
          delete resumed.after;
          onGap();
          setTimeout(() => !isStopped && start(), 2_000);
        },
        complete: () => undefined,
      },
    );
  };
  start();
  return () => {
    isStopped = true;
    stop();
  };
}

function connection(): Client {
  if (client) return client;
  let pong: ReturnType<typeof setTimeout> | undefined;
  const made = createClient({
    url,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) =>
      new Promise((resolve) => {
        const wait = Math.min(LONGEST_WAIT_MS, 250 * 2 ** retries) * (0.5 + Math.random() / 2);
        const timer = setTimeout(resolve, wait);
        window.addEventListener('online', () => (clearTimeout(timer), resolve()), { once: true });
      }),
    keepAlive: PING_MS,
    on: {
      connected: () => tell(true),
      // What is awaited of this connection does not end the next one.
      closed: () => (clearTimeout(pong), tell(false)),
      ping: (isReceived) => {
        if (!isReceived) pong = setTimeout(() => made.terminate(), PONG_MS);
      },
      pong: (isReceived) => isReceived && clearTimeout(pong),
    },
  });
  window.addEventListener('offline', () => made.terminate());
  client = made;
  return made;
}
