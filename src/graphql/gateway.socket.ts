import type { IncomingMessage } from 'node:http';

import type { Server } from 'graphql-ws';
import { WebSocket } from 'ws';

import type { Viewer } from '../access/viewer.js';
import { encodeCursor } from '../log/cursor.js';
import type { LogEvent } from '../log/event.js';
import { socketLimits } from './limits.js';

/** Close codes of our own; the others are graphql-transport-ws's. A graphql-ws client comes back after 4290 and 4403. */
export const closeCodes = { goingAway: 1001, tooSlow: 4290, forbidden: 4403, tooMuch: 4429, internal: 4500 } as const;

/** One client's connection: who it is, how fast it may talk, and how much may wait for it. */
export class LiveSocket {
  /** As of the last check; null until `connection_init`. */
  viewer: Viewer | null = null;
  private isAlive = true;
  private waiting = 0;
  private waitingSince = 0;
  private lastSend: Promise<void> = Promise.resolve();
  private tokens: number = socketLimits.messages.burst;
  private tokensAt = performance.now();
  private readonly lastDelivered = new Map<string, Pick<LogEvent, 'projectId' | 'seq'>>();

  constructor(
    readonly socket: WebSocket,
    readonly request: IncomingMessage,
    private readonly onFault: (error: unknown) => void,
  ) {
    // Of a peer that breaks the protocol, or the connection; ws closes it by itself.
    socket.on('error', () => undefined);
    socket.on('pong', () => (this.isAlive = true));
    socket.on('ping', () => this.spend());
  }

  /** Lets graphql-ws speak its protocol over this socket. */
  serve(server: Server<{ readonly live: LiveSocket }>): void {
    const closed = server.opened(
      {
        protocol: this.socket.protocol,
        send: (message) => this.reply(message),
        close: (code = closeCodes.internal, reason = '') => this.close(code, reason),
        onMessage: (handle) => {
          this.socket.on('message', (data: Buffer) => {
            if (!this.spend()) return;
            handle(data.toString()).catch((error: unknown) => {
              this.onFault(error);
              this.close(closeCodes.internal, 'A fault of the service');
            });
          });
        },
      },
      { live: this },
    );
    this.socket.once('close', (code, reason) => {
      closed(code, reason.toString()).catch(this.onFault);
    });
  }

  /** The viewer, unless the credential has run out, which closes the socket. */
  currentViewer(): Viewer | null {
    if (this.viewer?.expiresAt && this.viewer.expiresAt.getTime() <= Date.now()) this.forbid();
    return this.socket.readyState === WebSocket.OPEN ? this.viewer : null;
  }

  forbid(): void {
    this.close(closeCodes.forbidden, 'Forbidden: the credential has ended');
  }

  /** Sends an event as soon as the client has taken most of what was sent before, and resolves when this one went out. */
  async deliver(message: string): Promise<void> {
    while (this.isOpen && this.socket.bufferedAmount > socketLimits.bufferedBytes) await this.lastSend;
    await this.write(message);
  }

  /** Remembers how far the operation came, for the resume hint. */
  delivered(id: string, event: Pick<LogEvent, 'projectId' | 'seq'>): void {
    this.lastDelivered.set(id, event);
  }

  forget(id: string): void {
    this.lastDelivered.delete(id);
  }

  /** Asks for a sign of life; a client that did not answer the last time is cut off. */
  beat(): void {
    if (!this.isAlive) {
      this.socket.terminate();
      return;
    }
    this.isAlive = false;
    if (this.isOpen) this.socket.ping();
  }

  /** Closes a client that has taken nothing for too long. */
  closeIfStalled(): void {
    if (this.waiting > 0 && performance.now() - this.waitingSince > socketLimits.stallMs) this.closeAsTooSlow();
  }

  close(code: number, reason: string): void {
    // A reason of more than 123 bytes would throw.
    this.socket.close(code, Buffer.from(reason).subarray(0, 123));
    // Who does not read does not see it and will not answer.
    setTimeout(() => this.socket.terminate(), 1_000).unref();
  }

  private get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** An answer of the protocol. It does not wait: a client that asks on and on without reading is closed. */
  private reply(message: string): Promise<void> {
    if (this.socket.bufferedAmount <= socketLimits.bufferedBytes) return this.write(message);
    this.closeAsTooSlow();
    return Promise.resolve();
  }

  private write(message: string): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    if (this.waiting++ === 0) this.waitingSince = performance.now();
    this.lastSend = new Promise((resolve) => {
      this.socket.send(message, () => {
        this.waiting--;
        this.waitingSince = performance.now();
        resolve();
      });
    });
    return this.lastSend;
  }

  /** The hint is the earliest of the operations' positions: from there none misses anything. */
  private closeAsTooSlow(): void {
    const [first] = [...this.lastDelivered.values()].sort((a, b) => a.seq - b.seq);
    const hint = first ? `; resume after ${encodeCursor(first.projectId, first.seq)}` : '';
    this.close(closeCodes.tooSlow, `Too slow${hint}`);
  }

  private spend(): boolean {
    const { burst, perSecond } = socketLimits.messages;
    const now = performance.now();
    this.tokens = Math.min(burst, this.tokens + ((now - this.tokensAt) / 1_000) * perSecond);
    this.tokensAt = now;
    this.tokens -= 1;
    if (this.tokens >= 0) return true;
    this.close(closeCodes.tooMuch, 'Too many messages');
    return false;
  }
}
