import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: any;
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Instead of a body, as it is. */
  readonly text?: string;
}

/** Answers a request in the place of the store; null lets the store answer. */
export type Interference = (request: Request) => Answer | null;

/** The part of an MLflow tracking server that keeps datasets: records with the same inputs are one. */
export class MlflowServer {
  readonly requests: Request[] = [];
  readonly datasets = new Map<string, Map<string, any>>();
  interfere: Interference = () => null;
  /** Whether a request is carried out and its connection cut instead of answered. */
  drops: (request: Request) => boolean = () => false;
  url = '';
  private server: Server | null = null;

  async start(): Promise<this> {
    this.server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { method = '', url: path = '', headers } = incoming;
        const request = { method, path, headers, body: text ? JSON.parse(text) : null };
        this.requests.push(request);
        const { status, headers: more = {}, body, text: said } = this.interfere(request) ?? this.answer(request);
        if (this.drops(request)) return void outgoing.destroy();
        const type = said === undefined ? 'application/json' : 'text/html';
        outgoing.writeHead(status, { 'content-type': type, ...more }).end(said ?? JSON.stringify(body ?? {}));
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** All records of a dataset. */
  records(name: string): any[] {
    return [...(this.datasets.get(name)?.values() ?? [])];
  }

  /** How many records each request sent. */
  get sent(): number[] {
    return this.requests
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/records'))
      .map(({ body }) => JSON.parse(body.records).length);
  }

  private answer({ method, path, body }: Request): Answer {
    const named = (name: string) => ({ dataset_id: `d-${name}`, name });
    if (path.endsWith('/datasets/search')) {
      const name = /^name = '(.*)'$/.exec(body.filter_string)?.[1] ?? '';
      return { status: 200, body: { datasets: this.datasets.has(name) ? [named(name)] : [] } };
    }
    if (path.endsWith('/datasets/create')) {
      this.datasets.set(body.name, new Map());
      return { status: 200, body: { dataset: named(body.name) } };
    }
    const [, id = '', query = ''] = /\/api\/3\.0\/mlflow\/datasets\/d-([^/]+)\/records(?:\?(.*))?$/.exec(path) ?? [];
    const records = this.datasets.get(decodeURIComponent(id));
    if (!records) return { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no such dataset' } };
    if (method === 'GET') {
      const from = Number(new URLSearchParams(query).get('page_token') ?? 0);
      const all = [...records.values()];
      // Some pages, so that nobody takes the first for all.
      const to = from + Math.max(2, Math.ceil(all.length / 4));
      const next = to < all.length ? { next_page_token: String(to) } : {};
      return { status: 200, body: { records: JSON.stringify(all.slice(from, to)), ...next } };
    }
    for (const record of JSON.parse(body.records)) {
      const key = JSON.stringify(record.inputs);
      records.set(key, { ...records.get(key), ...record });
    }
    return { status: 200, body: { inserted_count: 0, updated_count: 0 } };
  }
}
