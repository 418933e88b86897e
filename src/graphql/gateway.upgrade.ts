import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import { isForeign } from '../access/credential.js';
import { socketLimits } from './limits.js';

/** How many sockets there are, in all and by address. */
export class SocketCounts {
  private total = 0;
  private readonly byAddress = new Map<string, number>();

  isFull(address: string): boolean {
    return this.total >= socketLimits.sockets || (this.byAddress.get(address) ?? 0) >= socketLimits.socketsPerAddress;
  }

  add(address: string): void {
    this.total += 1;
    this.byAddress.set(address, (this.byAddress.get(address) ?? 0) + 1);
  }

  remove(address: string): void {
    this.total -= 1;
    const left = (this.byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.byAddress.set(address, left);
    else this.byAddress.delete(address);
  }
}

/** The HTTP status that an upgrade is refused with, or null. Nothing here costs anything: it is before any credential. */
export function upgradeRefusal(
  request: IncomingMessage,
  trustedOrigins: readonly string[],
  isFull: boolean,
): number | null {
  if (request.url?.split('?', 1)[0] !== '/graphql') return 404;
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return 400;
  // Browsers send cookies along from any page; only our own pages, and those that were named, may connect.
  if (isForeign(request.headers, trustedOrigins)) return 403;
  if (isFull) return 503;
  return null;
}

export function refuseUpgrade(socket: Duplex, status: number): void {
  const retry = status === 503 ? 'Retry-After: 5\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`,
    () => socket.destroy(),
  );
}
