import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { CommandFailure } from './failure.js';

const START_SECONDS = 60;
const STREAM_SECONDS = 30;

/** A service in a process of its own, with what its first start printed. */
export class DemoService {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly dataDir: string,
    readonly apiKey: string,
    readonly adminToken: string,
  ) {}

  static async start(root: string, dataDir: string, port: number): Promise<DemoService> {
    const { DATABASE_URL: _, ...rest } = process.env;
    const env = { ...rest, COUNTERSIGN_DATA_DIR: dataDir, PORT: String(port), COUNTERSIGN_LOG_LEVEL: 'warn' };
    const child = spawn(process.execPath, [path.join(root, 'dist/src/main.js')], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl-C is ours to pass on: the service stops after the demo has.
      detached: process.platform !== 'win32',
    });
    let printed = '';
    child.stderr!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const find = (prefix: string) => new RegExp(`${prefix}_[0-9a-z]+_[0-9A-Za-z_]+`).exec(printed)?.[0];
    for (const end = Date.now() + START_SECONDS * 1_000; Date.now() < end; await sleep(50)) {
      const [apiKey, adminToken] = [find('csk'), find('cst')];
      if (apiKey && adminToken) {
        process.stdout.write(`  ready at http://127.0.0.1:${port}\n`);
        return new DemoService(child, `http://127.0.0.1:${port}`, dataDir, apiKey, adminToken);
      }
      if (child.exitCode !== null) break;
    }
    child.kill('SIGTERM');
    throw new CommandFailure(`The service did not start:\n${printed}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}

/** Runs a countersign command as somebody would type it, and shows what it prints. */
export async function runCommand(root: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  process.stdout.write(`  $ npx countersign ${args.join(' ')}\n`);
  const child = spawn(process.execPath, [path.join(root, 'bin/countersign.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new CommandFailure(`countersign ${args[0]} ended with ${code}.`);
}

/** `countersign watch` in the background; prints a line for each review that arrives. */
export class Watcher {
  received = 0;
  private readonly child: ChildProcess;

  constructor(root: string, env: NodeJS.ProcessEnv) {
    process.stdout.write('  $ npx countersign watch\n');
    this.child = spawn(process.execPath, [path.join(root, 'bin/countersign.mjs'), 'watch', '--from-start'], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.show(line));
  }

  /** Waits until that many have arrived, or says that they do not. */
  async until(count: number): Promise<void> {
    for (const end = Date.now() + STREAM_SECONDS * 1_000; Date.now() < end && this.received < count;) await sleep(20);
  }

  stop(): void {
    this.child.kill('SIGINT');
  }

  private show(line: string): void {
    this.received += 1;
    const { review } = JSON.parse(line) as {
      review: { verdict: string; reviewer: { name: string }; item: { externalId: string; queue: { key: string } } };
    };
    const { verdict, reviewer, item } = review;
    process.stdout.write(
      `  ${verdict.padEnd(9)} ${item.externalId.padEnd(13)} ${item.queue.key.padEnd(10)} by ${reviewer.name}\n`,
    );
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
