import { once } from 'node:events';
import net from 'node:net';

import { type ClientOptions, WebSocket } from 'ws';

import type { TestService } from './service.js';

export interface Message {
  type: string;
  id?: string;
  payload?: any;
}

/** A client that says exactly what it is told to. */
export class RawClient {
  readonly messages: Message[] = [];
  closed: { code: number; reason: string } | null = null;
  private heard: (() => void)[] = [];

  private static readonly all: RawClient[] = [];

  /** To be called after each test, so that none sees the sockets of another. */
  static leave(): void {
    for (const client of RawClient.all.splice(0)) client.socket.terminate();
  }

  constructor(readonly socket: WebSocket) {
    RawClient.all.push(this);
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as Message);
      this.tell();
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.tell();
    });
  }

  static async open(service: TestService, options: ClientOptions = {}, path = '/graphql'): Promise<RawClient> {
    const client = new RawClient(
      new WebSocket(service.url.replace('http', 'ws') + path, 'graphql-transport-ws', options),
    );
    await client.until(() => client.socket.readyState !== WebSocket.CONNECTING);
    return client;
  }

  /** Opened and let in. */
  static async signedIn(service: TestService, token: string): Promise<RawClient> {
    const client = await RawClient.open(service);
    client.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await client.message('connection_ack');
    return client;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(query: string, options: { id?: string; variables?: object } = {}): void {
    this.send({ id: options.id ?? '1', type: 'subscribe', payload: { query, variables: options.variables } });
  }

  async message(type: string, id?: string): Promise<Message> {
    const find = () => this.messages.find((it) => it.type === type && (id === undefined || it.id === id));
    await this.until(() => find() !== undefined || this.closed !== null);
    const found = find();
    if (!found) throw new Error(`closed with ${this.closed?.code} ${this.closed?.reason} before ${type}`);
    return found;
  }

  async close(): Promise<{ code: number; reason: string }> {
    await this.until(() => this.closed !== null);
    return this.closed!;
  }

  private async until(holds: () => boolean): Promise<void> {
    this.socket.once('open', () => this.tell());
    while (!holds()) await new Promise<void>((resolve) => this.heard.push(resolve));
  }

  private tell(): void {
    for (const resolve of this.heard.splice(0)) resolve();
  }
}

/** Sends bytes as they are to the service's port. */
export async function connectRaw(service: TestService): Promise<net.Socket> {
  const socket = net.connect(Number(new URL(service.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

export function upgradeRequest(path: string, headers: Record<string, string> = {}): string {
  const all = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'graphql-transport-ws',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`GET ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}
