import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rm, mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ExportFormat } from '../dataset/formats/format.js';
import { type Client, ConnectionError, noAnswer, reasonOf, ServiceError, tellWait } from './client.js';
import { type Checked, type Manifest, readManifest } from './export.check.js';

/** What an export is of. A download goes on only with exactly the same. */
export interface Wanted {
  readonly url: string;
  readonly dataset: string;
  readonly format: string;
  readonly snapshot: number | null;
  readonly since: string | null;
}

interface State {
  readonly wanted: Wanted;
  /** The state of the dataset that the first answer named; all files are asked for as of it. */
  readonly at: string;
}

const TRIES = 6;

/**
 * Fetches the files of one export into a folder, and goes on where an earlier run or a broken connection left off.
 *
 * The first answer names the state of the dataset; it is kept in state.json before the first byte is. What is on disk of
 * the cases is cut back to its last whole line, whose case id says where to go on.
 */
export class Download {
  private at: string | null = null;

  constructor(
    private readonly client: Client,
    private readonly wanted: Wanted,
    private readonly folder: string,
    private readonly progress: (text: string) => void,
  ) {}

  /** A file of cases: goes on after the last whole line where lines name their case, starts over where they do not. */
  async cases(format: ExportFormat, name: string): Promise<Checked> {
    if (!format.caseId) return this.file(name);
    const path = join(this.folder, name);
    for (let attempt = 1; ; attempt += 1) {
      const tally = await wholeLines(path, format);
      const before = tally.bytes;
      try {
        const params = { file: name, ...(tally.lastId && { after: tally.lastId }) };
        await this.fetch(path, params, tally);
        return tally.checked();
      } catch (error) {
        // What has been going well may break many times; only tries that bring nothing are counted.
        if (tally.bytes > before) attempt = 1;
        await this.pauseOrThrow(error, attempt);
      }
    }
  }

  /** A file from its beginning. */
  async file(name: string): Promise<Checked> {
    const path = join(this.folder, name);
    for (let attempt = 1; ; attempt += 1) {
      await rm(path, { force: true });
      const tally = new Tally();
      try {
        await this.fetch(path, { file: name }, tally);
        return tally.checked();
      } catch (error) {
        await this.pauseOrThrow(error, attempt);
      }
    }
  }

  async manifest(): Promise<Manifest> {
    return readManifest(await readFile(join(this.folder, 'manifest.json'), 'utf8'));
  }

  /** Takes up what an earlier run of the same export left; anything else that lies there is dropped. */
  async resume(): Promise<void> {
    const text = await readFile(join(this.folder, 'state.json'), 'utf8').catch(() => '{}');
    const state = parseState(text);
    if (state && JSON.stringify(state.wanted) === JSON.stringify(this.wanted)) {
      this.at = state.at;
      this.progress('Going on with an export that was interrupted');
      return;
    }
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
  }

  private async fetch(path: string, params: Record<string, string>, tally: Tally): Promise<void> {
    const { dataset, format, snapshot, since, url } = this.wanted;
    const query = new URLSearchParams({ format, ...params });
    if (snapshot !== null) query.set('snapshot', String(snapshot));
    else if (this.at !== null) query.set('at', this.at);
    if (since !== null) query.set('since', since);
    const response = await fetch(`${url}/export/${encodeURIComponent(dataset)}?${query.toString()}`, {
      headers: this.client.headers(),
    });
    if (!response.ok || !response.body) throw await refusal(response);
    await this.keep(response.headers.get('countersign-at') ?? '');
    const total = response.headers.get('countersign-cases');
    const file = await open(path, 'a');
    try {
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        await file.write(chunk);
        tally.add(chunk);
        this.progress(progressOf(params.file ?? '', tally, total));
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }

  private async keep(at: string): Promise<void> {
    if (this.at !== null) return;
    this.at = at;
    const state: State = { wanted: this.wanted, at };
    await writeFile(join(this.folder, 'state.json'), JSON.stringify(state));
  }

  /** A service that refuses means it; one that is busy, or a connection that broke, is tried again. */
  private async pauseOrThrow(error: unknown, attempt: number): Promise<void> {
    const isBusy =
      error instanceof ServiceError && /^(RATE_LIMITED|OVERLOADED|HTTP_429|HTTP_50[234])$/.test(error.code);
    if (error instanceof ServiceError && !isBusy) throw error;
    if (!isBusy && !isBrokenConnection(error)) throw error;
    if (attempt >= TRIES) {
      if (isBusy) throw error;
      const { message } = noAnswer(this.wanted.url, error);
      const kept = this.at === null ? '' : '\nWhat arrived is kept; run the same command again to go on.';
      throw new ConnectionError(`${message}${kept}`);
    }
    const asked = error instanceof ServiceError ? Number(error.details.retryAfterSeconds ?? 0) : 0;
    const seconds = Math.max(Math.min(asked, 60), 0.2 * 2 ** attempt);
    tellWait(reasonOf(error), seconds);
    await sleep(seconds * 1_000);
  }
}

/** Bytes, lines and hash of what has been written so far. */
class Tally {
  private readonly sum: Hash = createHash('sha256');
  bytes = 0;
  rows = 0;
  lastId: string | null = null;

  add(chunk: Uint8Array): void {
    this.sum.update(chunk);
    this.bytes += chunk.length;
    for (let i = chunk.indexOf(10); i !== -1; i = chunk.indexOf(10, i + 1)) this.rows += 1;
  }

  checked(): Checked {
    return { sha256: this.sum.copy().digest('hex'), bytes: this.bytes };
  }
}

/** Lines are cases in JSON Lines only. */
function progressOf(file: string, { rows, bytes }: Tally, total: string | null): string {
  if (!file.endsWith('.jsonl')) return `${file}: ${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${rows.toLocaleString('en')}${total ? ` of ${Number(total).toLocaleString('en')}` : ''} cases`;
}

/** Cuts a file back to its last whole line and counts what is left. */
async function wholeLines(path: string, format: ExportFormat): Promise<Tally> {
  const tally = new Tally();
  if (!(await stat(path).catch(() => null))) return tally;
  const { end, lastLine } = await lastWholeLine(path);
  await truncate(path, end);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) tally.add(chunk);
  if (lastLine !== '') tally.lastId = format.caseId?.(lastLine) ?? null;
  return tally;
}

async function lastWholeLine(path: string): Promise<{ end: number; lastLine: string }> {
  let end = 0;
  let position = 0;
  let line: Buffer[] = [];
  let lastLine = '';
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let i = chunk.indexOf(10); i !== -1; i = chunk.indexOf(10, from)) {
      line.push(chunk.subarray(from, i));
      const isLast = chunk.indexOf(10, i + 1) === -1;
      if (isLast) lastLine = Buffer.concat(line).toString('utf8');
      line = [];
      from = i + 1;
      end = position + from;
    }
    line.push(chunk.subarray(from));
    position += chunk.length;
  }
  return { end, lastLine };
}

async function refusal(response: Response): Promise<ServiceError> {
  const body = (await response.json().catch(() => null)) as { error?: Record<string, unknown> } | null;
  const { code = `HTTP_${response.status}`, message, ...details } = body?.error ?? {};
  const text = typeof message === 'string' ? message : `The service answered ${response.status} ${response.statusText}`;
  return new ServiceError(text, String(code), details);
}

function isBrokenConnection(error: unknown): boolean {
  // What fetch throws when it cannot connect, and what its body throws when it is cut.
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message);
}

function parseState(text: string): State | null {
  try {
    const state = JSON.parse(text) as Partial<State>;
    return state.wanted && typeof state.at === 'string' ? { wanted: state.wanted, at: state.at } : null;
  } catch {
    return null;
  }
}
