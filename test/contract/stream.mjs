import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';

const query = `subscription($queue: String, $after: Cursor) {
  reviewSubmitted(queue: $queue, after: $after) { cursor review { id verdict item { externalId } } } }`;

/**
 * Follows `reviewSubmitted` over the graphql-transport-ws protocol, with the connection cut off (no close frame) every
 * `cutEveryMs`, and resumes from the last cursor. It keeps every review in the order of arrival, so repeats and gaps show.
 */
export class CutOffSubscriber {
  reviews = [];
  cuts = 0;
  isOver = false;
  after;

  constructor(url, token, queue, cutEveryMs) {
    Object.assign(this, { url: `${url.replace(/^http/, 'ws')}/graphql`, token, queue, cutEveryMs });
  }

  /** From the cursor of the log's beginning or from now on; returns when the first connection listens. */
  async start() {
    let isListening;
    const listening = new Promise((resolve) => (isListening = resolve));
    this.running = this.run(isListening);
    await listening;
  }

  async stop() {
    this.isOver = true;
    this.socket?.terminate();
    await this.running;
  }

  async run(isListening) {
    while (!this.isOver) {
      const socket = (this.socket = new WebSocket(this.url, 'graphql-transport-ws'));
      socket.on('error', () => {});
      socket.on('message', (data) => this.receive(socket, JSON.parse(data), isListening));
      socket.on('open', () =>
        send(socket, { type: 'connection_init', payload: { authorization: `Bearer ${this.token}` } }),
      );
      const cut = setInterval(() => {
        // Before the first review there is no cursor to resume from: a stream without one starts at the present.
        if (!this.after || socket.readyState !== WebSocket.OPEN) return;
        this.cuts += 1;
        socket.terminate();
      }, this.cutEveryMs);
      await new Promise((resolve) => socket.on('close', resolve));
      clearInterval(cut);
      if (!this.isOver) await sleep(20);
    }
  }

  receive(socket, message, isListening) {
    // What was still in the buffers when the connection was cut never arrived, as far as we are concerned.
    if (socket !== this.socket || socket.readyState !== WebSocket.OPEN) return;
    if (message.type === 'connection_ack') {
      const variables = { queue: this.queue, ...(this.after && { after: this.after }) };
      send(socket, { id: '1', type: 'subscribe', payload: { query, variables } });
      // The service answers a ping in order, so after the pong it has taken up the subscription.
      send(socket, { type: 'ping' });
    } else if (message.type === 'pong') {
      isListening();
    } else if (message.type === 'ping') {
      send(socket, { type: 'pong' });
    } else if (message.type === 'next') {
      const { cursor, review } = message.payload.data.reviewSubmitted;
      this.after = cursor;
      this.reviews.push(review);
    } else if (message.type === 'error') {
      throw new Error(`The subscription was refused: ${JSON.stringify(message.payload)}`);
    }
  }
}

function send(socket, message) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}
