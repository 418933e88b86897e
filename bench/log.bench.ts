import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { freePort, must, printed, startProcess } from './support/service.js';

/**
 * What live subscribers cost and what they get, on one service that this program starts.
 *
 * - latency: from just before a flag is sent to its event at each of `--subscribers` sockets, at `--rate` flags a second.
 *   The flag itself is in it, so it is an upper bound of commit → subscriber.
 * - throughput: flags acknowledged by `--clients` concurrent callers, with the subscribers there (on a queue that gets
 *   `--rate` events a second meanwhile) and without, in turns; the ratio of the medians is what counts.
 *
 * Everything runs on this machine, the sockets' other ends too, so their cost is in the figures.
 */
const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '100' },
    rate: { type: 'string', default: '50' },
    clients: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
  },
});
const [subscribers, rate, clients, seconds, rounds] = [
  Number(values.subscribers),
  Number(values.rate),
  Number(values.clients),
  Number(values.seconds),
  Number(values.rounds),
];
const FLAG = `mutation ($input: FlagOutputInput!) { flagOutput(input: $input) { decision } }`;
const dataDir = mkdtempSync(join(tmpdir(), 'countersign-log-bench-'));
// Started by root, PostgreSQL runs as another account, which has to get in.
chmodSync(dataDir, 0o755);
const port = await freePort();
const unlimited = { COUNTERSIGN_RATE_COST_PER_SECOND: '1000000', COUNTERSIGN_RATE_BURST: '1000000' };
const service = await startProcess({ dataDir, port, env: unlimited });
const key = printed(service.output(), 'csk');
let sent = 0;

try {
  const queues = ['watched', 'busy'].map((name) => ({ key: name, name, rubric: [] }));
  await must(
    service.url,
    key,
    `mutation ($input: ApplySetupInput!) { applySetup(input: $input) { changes { key } } }`,
    {
      input: { document: { queues } },
    },
  );
  await measureLatency();
  await measureThroughput();
} finally {
  await service.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
}

function flag(queue: string): Promise<unknown> {
  sent += 1;
  const input = { externalId: `${queue}-${sent}`, queue, source: 'bench', input: 'in', output: 'out'.repeat(500) };
  return must(service.url, key, FLAG, { input });
}

/** One flag every 1000 / rate ms, one after the other, so the nth event of a stream is the nth flag. */
async function trickle(isDone: (n: number) => boolean, sentAt: number[]): Promise<void> {
  const start = performance.now();
  for (let n = 0; !isDone(n); n += 1) {
    await sleep(start + (n * 1_000) / rate - performance.now());
    sentAt.push(performance.now());
    await flag('watched');
  }
}

async function measureLatency(): Promise<void> {
  const count = rate * seconds;
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const seen = Array.from({ length: subscribers }, () => 0);
  const sockets = await subscribe((socket) => {
    const at = sentAt[seen[socket]!];
    seen[socket]! += 1;
    if (at !== undefined) latencies.push(performance.now() - at);
  });
  await trickle((n) => n >= count, sentAt);
  for (let waited = 0; waited < 10_000 && seen.some((n) => n < count); waited += 50) await sleep(50);
  await close(sockets);
  latencies.sort((a, b) => a - b);
  const p = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!.toFixed(1);
  const missing = subscribers * count - latencies.length;
  console.log(
    `latency, ${subscribers} subscribers, ${rate} events/s: p50 ${p(0.5)} ms, p90 ${p(0.9)} ms, p99 ${p(0.99)} ms, ` +
      `max ${p(1)} ms; ${latencies.length} deliveries, ${missing} missing`,
  );
}

async function measureThroughput(): Promise<void> {
  const figures = { without: [] as number[], with: [] as number[] };
  await load();
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
      const sockets = variant === 'with' ? await subscribe(() => {}) : [];
      let isOver = false;
      const events = trickle(() => isOver, []);
      figures[variant].push(await load());
      isOver = true;
      await events;
      await close(sockets);
    }
  }
  const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
  const [without, withThem] = [median(figures.without), median(figures.with)];
  console.log(
    `throughput, ${clients} clients: ${without.toFixed(0)} flags/s without subscribers, ${withThem.toFixed(0)} with ` +
      `${subscribers}: ratio ${(withThem / without).toFixed(3)}`,
  );
}

/** Flags acknowledged a second. */
async function load(): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  let acknowledged = 0;
  const client = async () => {
    while (performance.now() < end) {
      await flag('busy');
      acknowledged += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return acknowledged / seconds;
}

async function subscribe(onEvent: (socket: number) => void): Promise<Client[]> {
  const query = `subscription { queueChanged(queue: "watched") { cursor queue { key } } }`;
  const sockets = Array.from({ length: subscribers }, (_, socket) => {
    const client = createClient({
      url: `${service.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${key}` },
      lazy: false,
      retryAttempts: 0,
    });
    client.subscribe({ query }, { next: () => onEvent(socket), error: report, complete: () => {} });
    return client;
  });
  // Streams start at the present: time for all of them to be there.
  await sleep(1_500);
  return sockets;
}

async function close(sockets: readonly Client[]): Promise<void> {
  for (const socket of sockets) await socket.dispose();
}

function report(error: unknown): void {
  console.error('a subscription failed:', error);
  process.exitCode = 1;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
