import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';

import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';

import { connectionOf } from '../access/connection.js';
import { CONFIG, type Config } from '../config.js';
import { GatewayProtocol } from './gateway.protocol.js';
import { closeCodes, LiveSocket } from './gateway.socket.js';
import { SocketViewers } from './gateway.viewers.js';
import { refuseUpgrade, SocketCounts, upgradeRefusal } from './gateway.upgrade.js';
import { socketLimits } from './limits.js';

const RECHECK_MS = 2_000;

/**
 * Subscriptions over WebSocket (graphql-transport-ws), at /graphql.
 *
 * Our own, because Nest's accepts everything that Apollo refuses over HTTP: other operations, any size, any origin, any
 * depth, and it answers with the text of any exception. Here a socket is counted and its origin checked before it is
 * accepted, its credential checked when it opens, every few seconds and with each event; documents pass the same rules
 * as over HTTP and errors the same filter.
 *
 * Known limit: sockets are counted per process.
 */
@Injectable()
export class GatewayService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sockets = new Set<LiveSocket>();
  private readonly counts = new SocketCounts();
  private readonly timers: NodeJS.Timeout[] = [];
  private isDraining = false;
  private readonly webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: socketLimits.messageBytes,
    maxFragments: socketLimits.fragments,
    maxBufferedChunks: socketLimits.bufferedChunks,
    perMessageDeflate: false,
    handleProtocols,
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly adapter: HttpAdapterHost,
    private readonly protocol: GatewayProtocol,
    private readonly viewers: SocketViewers,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.adapter.httpAdapter.getHttpServer() as HttpServer;
    server.on('upgrade', (request, socket: Duplex, head: Buffer) => this.upgrade(request, socket, head));
    this.timers.push(setInterval(() => this.beat(), socketLimits.pingMs).unref());
    this.timers.push(setInterval(() => void this.recheck(), RECHECK_MS).unref());
  }

  async onModuleDestroy(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.drain();
  }

  get size(): number {
    return this.sockets.size;
  }

  /** Pings every client; cuts off those that did not answer the last time. */
  beat(): void {
    for (const socket of this.sockets) socket.beat();
  }

  /** Closes what may no longer be open: credentials that ended, clients that stand still. */
  async recheck(): Promise<void> {
    for (const socket of this.sockets) socket.closeIfStalled();
    await this.viewers.recheck();
  }

  /**
   * Takes no new sockets and closes the open ones, spread over the drain time so that not all clients come back at
   * once. To be called before anything is stopped that streams read from: a stream that merely ends looks complete.
   */
  async drain(): Promise<void> {
    this.isDraining = true;
    const spreadMs = Math.min(this.config.drainSeconds * 700, this.sockets.size * 20);
    const closed = [...this.sockets].map(
      (live) =>
        new Promise((resolve) => {
          live.socket.once('close', resolve);
          setTimeout(() => live.close(closeCodes.goingAway, 'Going away'), Math.random() * spreadMs);
        }),
    );
    await Promise.all(closed);
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // First of all: a peer that resets now would otherwise end the process.
    socket.on('error', () => socket.destroy());
    const { address } = connectionOf(request, this.config.trustedProxies);
    const isFull = this.isDraining || this.counts.isFull(address);
    const refusal = upgradeRefusal(request, this.config.trustedOrigins, isFull);
    if (refusal !== null) return refuseUpgrade(socket, refusal);
    this.counts.add(address);
    socket.once('close', () => this.counts.remove(address));
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => this.open(webSocket, request));
  }

  private open(webSocket: WebSocket, request: IncomingMessage): void {
    const live = new LiveSocket(webSocket, request, this.protocol.onFault);
    this.sockets.add(live);
    webSocket.once('close', () => {
      this.sockets.delete(live);
      this.viewers.leave(live);
    });
    live.serve(this.protocol.server);
  }
}
