import { LogReader } from '../../src/log/reader.js';
import type { LogStream } from '../../src/log/stream.js';
import type { TestService } from './service.js';

/** Commits outbox rows as any change of state does, in one statement. */
export async function logEvents(service: TestService, count: number, kind = 'QUEUE_SAVED', projectId?: number) {
  await service.sql(
    `INSERT INTO outbox (project_id, kind, actor, data)
     SELECT $1, $2, 'system', json_build_object('n', n) FROM generate_series(1, $3) n`,
    [projectId ?? service.projectId, kind, count],
  );
}

export function openStream(service: TestService, after: number | null, kinds: string[] = []): LogStream {
  return service.app.get(LogReader).stream({ projectId: service.projectId, after, kinds });
}

/** The next `count` events of a stream, as seqs. */
export async function take(stream: LogStream, count: number): Promise<number[]> {
  const seqs: number[] = [];
  while (seqs.length < count) {
    const { done, value } = await stream.next();
    if (done) break;
    seqs.push(value.seq);
  }
  return seqs;
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
