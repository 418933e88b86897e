import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from './client.js';
import { CommandFailure } from './failure.js';

/** What a careful reviewer says of one sample output; `examples/<application>/answers.jsonl` holds one a line. */
interface SampleAnswer {
  readonly externalId: string;
  readonly verdict: string;
  readonly correctedOutput?: unknown;
  readonly failure: string;
}

interface Claimed {
  readonly claimNext: {
    readonly emptyReason: string | null;
    readonly assignments: readonly {
      readonly id: string;
      readonly leaseToken: string;
      readonly item: { externalId: string };
    }[];
  };
}

export interface ReviewerReport {
  readonly name: string;
  readonly submitted: number;
  readonly corrected: number;
}

/** A pace at which a person can follow on the screen. */
const PACE_MS = 60;

/** A simulated member who claims, looks the answer up and submits, by the same API as the page. */
export class Reviewer {
  private constructor(
    private readonly name: string,
    private readonly client: Client,
    private readonly answers: ReadonlyMap<string, SampleAnswer>,
  ) {}

  static async hire(admin: Client, name: string, answerFiles: readonly string[]): Promise<Reviewer> {
    const { createMember } = await admin.request<{ createMember: { member: { id: string } } }>(
      `mutation($input: CreateMemberInput!) { createMember(input: $input) { member { id } } }`,
      { input: { name, role: 'REVIEWER' } },
    );
    const { createPersonalToken } = await admin.request<{ createPersonalToken: { token: string } }>(
      `mutation($input: CreatePersonalTokenInput!) { createPersonalToken(input: $input) { token } }`,
      { input: { name: 'demo', memberId: createMember.member.id } },
    );
    return new Reviewer(name, new Client(admin.url, createPersonalToken.token), readAnswers(answerFiles));
  }

  async work(): Promise<ReviewerReport> {
    let submitted = 0;
    let corrected = 0;
    for (;;) {
      const { claimNext } = await this.client.request<Claimed>(
        `mutation { claimNext(input: {}) { emptyReason assignments { id leaseToken item { externalId } } } }`,
        {},
        { isRepeatable: false },
      );
      const [assignment] = claimNext.assignments;
      if (!assignment) return { name: this.name, submitted, corrected };
      const answer = this.answers.get(assignment.item.externalId);
      if (!answer) throw new CommandFailure(`There is no sample answer for ${assignment.item.externalId}.`);
      await sleep(PACE_MS);
      const { externalId: _, failure, ...verdict } = answer;
      await this.client.request(
        `mutation($input: SubmitReviewInput!) { submitReview(input: $input) { review { id } } }`,
        { input: { assignmentId: assignment.id, leaseToken: assignment.leaseToken, labels: { failure }, ...verdict } },
      );
      submitted += 1;
      if (answer.verdict === 'CORRECTED') corrected += 1;
    }
  }
}

function readAnswers(files: readonly string[]): Map<string, SampleAnswer> {
  const lines = files.flatMap((file) => fs.readFileSync(file, 'utf8').trim().split('\n'));
  return new Map(lines.map((line) => JSON.parse(line) as SampleAnswer).map((answer) => [answer.externalId, answer]));
}
