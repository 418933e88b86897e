import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import type { TestService } from './service.js';

/** A subscription over the service's socket, read event by event. */
export interface Watch<Event> {
  /** The next events, in order; waits for them. */
  take(count: number): Promise<Event[]>;
  close(): Promise<void>;
}

export function watch<Event>(service: TestService, token: string, query: string, variables = {}): Watch<Event> {
  const client = createClient({
    url: `${service.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const events = client.iterate<Event>({ query, variables });
  return {
    async take(count) {
      const taken: Event[] = [];
      while (taken.length < count) {
        const { value, done } = await events.next();
        if (done) throw new Error(`the stream ended after ${taken.length} of ${count} events`);
        if (value.errors) throw new Error(JSON.stringify(value.errors));
        taken.push(value.data as Event);
      }
      return taken;
    },
    async close() {
      await client.dispose();
    },
  };
}
