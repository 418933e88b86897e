import { Refusal } from '../errors.js';

interface Waiting<In, Out> {
  readonly input: In;
  readonly size: number;
  resolve(output: Out): void;
  reject(error: unknown): void;
}

export interface GroupCommitOptions<In, Out> {
  /** Runs one statement for all inputs and returns one output each, in order. It must be all or nothing. */
  run(inputs: readonly In[]): Promise<readonly Out[]>;
  /** Statements under way at once. Two keep the database busy while the next group gathers. */
  readonly maxInFlight?: number;
  readonly maxGroup?: number;
  /** Most bytes (or whatever `sizeOf` counts) in one group. */
  readonly maxGroupSize?: number;
  sizeOf?(input: In): number;
  /** Calls that may wait; one more is refused with OVERLOADED. */
  readonly maxWaiting?: number;
}

/**
 * Group commit: calls that arrive while a statement is in flight ride together in the next one.
 *
 * Each caller is answered after the COMMIT of the statement that carried it, so nothing is promised earlier than with
 * one statement a call. There is no timer: an idle service sends a group of one at once. When a group fails, its
 * members are run one by one, so that a bad row fails alone. Known limit: order between groups in flight is not kept.
 */
export class GroupCommit<In, Out> {
  private readonly waiting: Waiting<In, Out>[] = [];
  private inFlight = 0;

  constructor(private readonly options: GroupCommitOptions<In, Out>) {}

  /** Calls that wait for their statement; what an overload is measured by. */
  get depth(): number {
    return this.waiting.length;
  }

  submit(input: In): Promise<Out> {
    if (this.waiting.length >= (this.options.maxWaiting ?? 2_000)) {
      return Promise.reject(
        new Refusal('OVERLOADED', 'Too many calls are waiting; try again shortly.', { retryAfterSeconds: 1 }),
      );
    }
    return new Promise<Out>((resolve, reject) => {
      this.waiting.push({ input, size: this.options.sizeOf?.(input) ?? 1, resolve, reject });
      this.pump();
    });
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.inFlight < (this.options.maxInFlight ?? 2)) {
      this.inFlight += 1;
      void this.carry(this.nextGroup()).finally(() => {
        this.inFlight -= 1;
        this.pump();
      });
    }
  }

  private nextGroup(): Waiting<In, Out>[] {
    const maxGroup = this.options.maxGroup ?? 100;
    const maxSize = this.options.maxGroupSize ?? Number.POSITIVE_INFINITY;
    let size = 0;
    let count = 0;
    for (const call of this.waiting) {
      if (count > 0 && (count >= maxGroup || size + call.size > maxSize)) break;
      size += call.size;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async carry(group: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const outputs = await this.options.run(group.map((call) => call.input));
      group.forEach((call, i) => call.resolve(outputs[i] as Out));
    } catch (error) {
      const [only] = group;
      if (group.length === 1 && only) only.reject(error);
      // Not one row's fault: asking again for each would only make the rush longer.
      else if (error instanceof Refusal && error.code === 'OVERLOADED') group.forEach((call) => call.reject(error));
      else for (const call of group) await this.carry([call]);
    }
  }
}
