import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Where a request or a WebSocket comes from, as far as it can be known before anything of it is read. */
export interface Connection {
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  /** Whether the client's own connection is encrypted. */
  readonly isSecure: boolean;
}

/**
 * Anybody may write X-Forwarded-* headers; only what our own reverse proxies added is believed. Each adds one entry at
 * the end, so with n of them the client's is the n-th from the end.
 */
export function connectionOf(request: IncomingMessage, trustedProxies: number): Connection {
  const { headers, socket } = request;
  const addresses = [...listOf(headers['x-forwarded-for']), socket.remoteAddress ?? ''];
  const protocols = listOf(headers['x-forwarded-proto']);
  const client = Math.max(0, addresses.length - 1 - trustedProxies);
  const protocol = trustedProxies > 0 ? protocols[Math.max(0, protocols.length - trustedProxies)] : undefined;
  return {
    headers,
    address: addresses[client] ?? '',
    isSecure: protocol === undefined ? (socket as Partial<TLSSocket>).encrypted === true : protocol === 'https',
  };
}

function listOf(header: string | string[] | undefined): string[] {
  return [header ?? []].flat().flatMap((part) => part.split(',').map((entry) => entry.trim()));
}
