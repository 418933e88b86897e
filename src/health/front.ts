import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';

import { StartError } from '../database/start-error.js';
import type { ErrorCode } from '../errors.js';
import { isGraphql } from '../graphql/error.http.js';
import type { Readiness } from './readiness.js';

/**
 * The HTTP server from the first moment on. It answers GET /livez and /readyz itself, so that both work while the
 * service migrates, when it is overloaded and when it stops; everything else goes to the service once there is one.
 */
export class Front {
  readonly server: http.Server;
  private service: RequestListener | null = null;

  constructor(private readonly readiness: Readiness) {
    this.server = http.createServer({ connectionsCheckingInterval: 2_000 }, (request, response) =>
      this.answer(request, response),
    );
    this.server.headersTimeout = 10_000;
    this.server.requestTimeout = 30_000;
    this.server.keepAliveTimeout = 5_000;
  }

  /** Listens, and returns the port. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(port, host, resolve)).catch(
      (error: NodeJS.ErrnoException) => {
        throw new StartError(explain(error, port, host));
      },
    );
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  handTo(service: RequestListener): void {
    this.service = service;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?', 1)[0];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (path === '/livez' && isRead) send(response, 200, { status: 'alive' });
    else if (path === '/readyz' && isRead) void this.tellReadiness(response);
    else if (this.service) this.service(request, response);
    else tellStarting(request, response);
  }

  private async tellReadiness(response: ServerResponse): Promise<void> {
    const reason = await this.readiness.reason();
    send(response, reason === null ? 200 : 503, { status: reason ?? 'ready' });
  }
}

/** In the shape that the service's own errors have, so that clients wait and try again as they do when it is overloaded. */
function tellStarting(request: IncomingMessage, response: ServerResponse): void {
  const retryAfterSeconds = 1;
  const code: ErrorCode = 'OVERLOADED';
  const message = 'The service is starting; try again shortly.';
  response.setHeader('Retry-After', String(retryAfterSeconds));
  if (isGraphql(request)) send(response, 503, { errors: [{ message, extensions: { retryAfterSeconds, code } }] });
  else send(response, 503, { status: 'starting', error: { retryAfterSeconds, code, message } });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken by another program. Set PORT to a free one.`;
  if (error.code === 'EACCES') return `Port ${port} needs rights that this account lacks. Set PORT to 1024 or more.`;
  return `The service cannot listen on ${host}:${port} (${error.code}). Set PORT and COUNTERSIGN_HOST.`;
}
