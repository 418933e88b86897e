import { pathText } from '../graphql/json.exactness.js';
import { findUnkeepableInText } from '../graphql/json.text.js';
import { CommandFailure, report } from './failure.js';
import { type Line, readLines } from './flag.lines.js';
import type { Mapping } from './flag.mapping.js';
import { MappingError } from './flag.path.js';
import type { FlagProgress } from './flag.progress.js';
import type { Rejects } from './flag.rejects.js';
import type { Outcome, Outgoing, Sender } from './flag.sender.js';

const EXIT = { REFUSED: 1, INTERRUPTED: 130 } as const;
const MIB = 1024 * 1024;
const LONGEST_LINE = 16 * MIB;
/** One request. Larger ones gain nothing; many small lines are sent 500 at a time. */
const BATCH_BYTES = MIB;
const BATCH_LINES = 500;

/** One pass over a file: reads no faster than the service takes, so memory does not grow with the file. */
export class FlagRun {
  private readonly sending = new Set<Promise<void>>();
  private failure: Error | null = null;
  private isInterrupted = false;
  /** Lines of which the service said that they are stored. */
  private acknowledged = 0;

  constructor(
    private readonly fileName: string,
    private readonly mapping: Mapping,
    private readonly sender: Sender,
    private readonly to: { readonly progress: FlagProgress; readonly rejects: Rejects },
  ) {}

  async run(stream: AsyncIterable<Uint8Array>, inFlight: number): Promise<number> {
    const interrupt = () => {
      this.isInterrupted = true;
      this.sender.stopWaiting();
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    try {
      await this.sendAll(stream, inFlight);
    } catch (error) {
      this.failure ??= error as Error;
    }
    // What is on its way is waited for, so that the summary is true.
    await Promise.all(this.sending);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    this.to.rejects.close();
    this.to.progress.finish(this.to.rejects.path, this.failure !== null);
    return this.exitCode();
  }

  private async sendAll(stream: AsyncIterable<Uint8Array>, inFlight: number): Promise<void> {
    let batch: Outgoing[] = [];
    let bytes = 0;
    for await (const line of readLines(stream, LONGEST_LINE)) {
      if (this.failure || this.isInterrupted) return;
      const outgoing = await this.read(line);
      if (!outgoing) continue;
      if (batch.length >= BATCH_LINES || (batch.length > 0 && bytes + outgoing.bytes > BATCH_BYTES)) {
        await this.dispatch(batch, inFlight);
        batch = [];
        bytes = 0;
      }
      batch.push(outgoing);
      bytes += outgoing.bytes;
    }
    if (batch.length > 0) await this.dispatch(batch, inFlight);
  }

  private exitCode(): number {
    if (this.isInterrupted) {
      report(new CommandFailure('Interrupted. Run the same again: it adds what is missing.'));
      return EXIT.INTERRUPTED;
    }
    if (this.failure) {
      const code = report(this.failure);
      if (this.acknowledged === 0) return code;
      return report(
        new CommandFailure('What was acknowledged is stored. Run the same again: it adds what is missing.'),
      );
    }
    return this.to.rejects.count > 0 ? EXIT.REFUSED : 0;
  }

  /** Waits until there is room, then sends without waiting for the answer. */
  private async dispatch(batch: readonly Outgoing[], inFlight: number): Promise<void> {
    while (this.sending.size >= inFlight) await Promise.race(this.sending);
    if (this.failure || this.isInterrupted) return;
    const outcomes: Promise<void>[] = [];
    const sending = this.sender
      .send(batch, (line, outcome) => void outcomes.push(this.settle(line, outcome)))
      .then(() => Promise.all(outcomes))
      .catch((error: unknown) => (this.failure ??= error as Error))
      .then(() => void this.sending.delete(sending));
    this.sending.add(sending);
  }

  /** What is to be sent for a line; null when it was refused here. */
  private async read(line: Line): Promise<Outgoing | null> {
    this.to.progress.read(line.end);
    const { number, text, problem } = line;
    const refuse = async (code: string, reason: string) => {
      await this.settle({ line: number, text, input: null, bytes: 0 }, { kind: 'bad', code, reason });
      return null;
    };
    if (problem) return refuse('INVALID_INPUT', problem);
    let parsed: unknown;
    try {
      parsed = JSON.parse(text) as unknown;
    } catch (error) {
      return refuse('INVALID_JSON', `not JSON: ${(error as Error).message}`);
    }
    const lost = this.lossIn(text, parsed);
    if (lost) return refuse('INVALID_JSON', lost);
    try {
      const input = this.mapping.apply({ value: parsed, text, place: `${this.fileName}:${number}` });
      return { line: number, text, input, bytes: Buffer.byteLength(JSON.stringify(input)) };
    } catch (error) {
      if (error instanceof MappingError) return refuse('INVALID_INPUT', error.message);
      throw error;
    }
  }

  /** What reading the line as JSON has altered already, in a part of it that is sent as JSON. */
  private lossIn(text: string, parsed: unknown): string | null {
    const paths = this.mapping.jsonPaths;
    const found = findUnkeepableInText(text, parsed).find(
      (it) => paths === null || paths.some((steps) => steps.every((step, i) => it.path[i] === step)),
    );
    return found ? `cannot be kept exactly: ${found.reason}, at ${pathText(found.path)}` : null;
  }

  private async settle(line: Outgoing, outcome: Outcome): Promise<void> {
    this.to.progress.count(outcome.kind);
    if (outcome.kind === 'bad' || outcome.kind === 'conflict') this.to.rejects.write(line, outcome);
    else this.acknowledged += 1;
  }
}
