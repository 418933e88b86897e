import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import { RateLimit } from '../access/rate-limit.js';
import { actorOf, type Viewer } from '../access/viewer.js';
import { CONFIG, type Config } from '../config.js';
import { Refusal } from '../errors.js';
import { IntakeDecision } from '../project/intake-decision.js';
import type { Decided } from '../project/policy.js';
import { PolicyService } from '../project/policy.service.js';
import { checkFlag, MOST_AT_ONCE } from './flag.check.js';
import { bytesOf, contentHash, payloadText, seenOf } from './flag.content.js';
import type { FlagInput } from './flag.input.js';
import type { FlagOutputPayload } from './flag.payload.js';
import { settle } from './flag.outcome.js';
import type { FlagRow } from './flag.sql.js';
import { FlagWriter } from './flag.writer.js';

type Routed = Pick<Decided, 'decision' | 'queue' | 'priority' | 'dueInSeconds'> & {
  readonly rule: string | null;
  readonly policyVersion: number | null;
};

/**
 * Takes in what applications flag: checks it, lets the policy decide where the app names no queue, and stores it.
 *
 * A repeated external id is answered with what is stored, whatever the policy says by now. Of a PASS the payload is
 * read to be hashed and then forgotten; nothing of it is written anywhere.
 */
@Injectable()
export class IntakeService {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'itemBytes'>,
    private readonly policies: PolicyService,
    private readonly writer: FlagWriter,
    private readonly rateLimit: RateLimit,
  ) {}

  async flag(viewer: Viewer, input: FlagInput): Promise<FlagOutputPayload> {
    await this.rateLimit.charge(viewer, 1);
    const [outcome] = await this.takeIn(viewer, [input]);
    if (!outcome || outcome instanceof Error) throw outcome ?? new Error('a flag was not answered');
    return outcome;
  }

  /** One outcome for each input, in order; a Refusal for a row that is refused alone. */
  async flagAll(viewer: Viewer, inputs: readonly FlagInput[]): Promise<(FlagOutputPayload | Refusal)[]> {
    if (inputs.length < 1 || inputs.length > MOST_AT_ONCE) {
      throw new Refusal('INVALID_INPUT', `inputs holds ${inputs.length}; send 1 to 1,000 at once.`);
    }
    await this.rateLimit.charge(viewer, inputs.length);
    const outcomes = await this.takeIn(viewer, inputs);
    const [refused] = outcomes;
    // Overload and faults of the service concern the call when they hit all of it.
    if (outcomes.every((outcome) => outcome instanceof Error && !isOfRow(outcome))) throw refused as Error;
    return outcomes.map((outcome) => {
      if (!(outcome instanceof Error)) return outcome;
      return outcome instanceof Refusal
        ? outcome
        : new Refusal('INTERNAL', 'The row could not be stored; try it again.');
    });
  }

  private async takeIn(viewer: Viewer, inputs: readonly FlagInput[]): Promise<(FlagOutputPayload | Error)[]> {
    const outcomes = Array.from<FlagOutputPayload | Error>({ length: inputs.length });
    const rows: FlagRow[] = [];
    const places: number[] = [];
    for (const [place, input] of inputs.entries()) {
      try {
        rows.push(await this.prepare(viewer, input));
        places.push(place);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        outcomes[place] = error;
      }
    }
    const written = rows.length > 0 ? await this.writer.write(viewer.projectId, rows) : [];
    const settled = settle(
      viewer.projectId,
      rows,
      written,
      places.map((place) => inputs[place]!),
    );
    settled.forEach((outcome, i) => (outcomes[places[i]!] = outcome));
    return outcomes;
  }

  private async prepare(viewer: Viewer, input: FlagInput): Promise<FlagRow> {
    checkFlag(input);
    const payload = payloadText(input);
    const bytes = bytesOf(payload);
    if (bytes > this.config.itemBytes) {
      const most = this.config.itemBytes.toLocaleString('en');
      throw new Refusal(
        'PAYLOAD_TOO_LARGE',
        `input, output, context and metadata are ${bytes.toLocaleString('en')} bytes of JSON; an item may have ${most}.`,
      );
    }
    const seen = seenOf(input);
    const routed = await this.route(viewer.projectId, input, seen);
    const isReview = routed.decision === IntakeDecision.REVIEW;
    return {
      externalId: input.externalId,
      contentHash: contentHash(input, seen),
      flaggedBy: actorOf(viewer),
      seen,
      decision: routed.decision,
      queue: routed.queue,
      policyVersion: routed.policyVersion,
      rule: routed.rule,
      itemId: isReview ? uuidv7() : null,
      payload: isReview ? payload : null,
      authors: input.authors ?? [],
      groupKey: input.groupKey ?? null,
      traceId: input.traceId ?? null,
      priority: input.priority ?? routed.priority ?? 0,
      dueAt: input.dueAt ?? null,
      dueInSeconds: routed.dueInSeconds,
      bytes: isReview ? bytes : 0,
    };
  }

  private async route(projectId: number, input: FlagInput, seen: FlagRow['seen']): Promise<Routed> {
    if (input.queue != null) {
      const decision = IntakeDecision.REVIEW;
      return { decision, queue: input.queue, priority: null, dueInSeconds: null, rule: null, policyVersion: null };
    }
    const policy = await this.policies.active(projectId);
    if (policy) return this.policies.decide(policy, projectId, seen, input.externalId);
    throw new Refusal(
      'INVALID_INPUT',
      'No queue is named and the project has no policy. Name a queue, or set up a policy that chooses one ' +
        '(countersign apply FILE.yaml).',
    );
  }
}

function isOfRow(error: Error): boolean {
  return error instanceof Refusal && error.code !== 'OVERLOADED';
}
