import { Field, Float, InputType, Int } from '@nestjs/graphql';

import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { RiskLevel } from '../project/risk-level.js';

// No validators here: one row of a batch is refused alone, so every row is checked by flag.check.ts, for both mutations.

@InputType()
export class VersionRefInput {
  @Field(() => String, { description: '1 to 256 characters.' })
  name: string;

  @Field(() => String, { description: '1 to 256 characters.' })
  version: string;
}

@InputType()
export class SignalInput {
  @Field(() => String, { description: '1 to 256 characters; once in a list.' })
  name: string;

  @Field(() => Float)
  value: number;
}

@InputType({
  description: 'An output that a person may have to judge. Texts are kept as sent: never trimmed or changed.',
})
export class FlagOutputInput {
  @Field(() => String, {
    description:
      "The app's own id for this output, 1 to 256 characters. The same id again returns the same item; with other " +
      'content it is refused. Content is everything but `queue`, `authors`, `priority` and `dueAt`, which say where, to whom and when.',
  })
  externalId: string;

  @Field(() => String, { nullable: true, description: "A queue's key. Left out, the active policy chooses." })
  queue?: string | null;

  @Field(() => String, { description: 'Which application or feature sends it, 1 to 256 characters.' })
  source: string;

  @Field(() => VersionRefInput, { nullable: true })
  model?: VersionRefInput | null;

  @Field(() => VersionRefInput, { nullable: true })
  prompt?: VersionRefInput | null;

  @Field(() => JsonScalar, { description: 'What the system was asked.' })
  input: unknown;

  @Field(() => JsonScalar, { description: 'What the system answered.' })
  output: unknown;

  @Field(() => [JsonScalar], { nullable: true, description: 'Retrieved passages, tool results.' })
  context?: unknown[] | null;

  @Field(() => Float, { nullable: true, description: '0 to 1.' })
  confidence?: number | null;

  @Field(() => RiskLevel, { nullable: true })
  risk?: RiskLevel | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Why it was flagged. At most 50, each of at most 2,000 characters.',
  })
  reasons?: string[] | null;

  @Field(() => [SignalInput], { nullable: true, description: 'At most 100.' })
  signals?: SignalInput[] | null;

  @Field(() => [String], { nullable: true, description: 'At most 50, each of 1 to 256 characters.' })
  tags?: string[] | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Anything else that belongs to it.' })
  metadata?: unknown;

  @Field(() => String, {
    nullable: true,
    description:
      'Items of one conversation, document or customer share it; dataset splits never separate them. 1 to 256 characters.',
  })
  groupKey?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Names or ids of members who wrote the output or are its subject: they are never offered it. At most 50, each of 1 to 256 characters.',
  })
  authors?: string[] | null;

  @Field(() => String, { nullable: true, description: '1 to 256 characters.' })
  traceId?: string | null;

  @Field(() => Int, { nullable: true, description: '0 to 9, higher is sooner. Left out, the rule says, or 0.' })
  priority?: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Left out, the rule says, or the queue.' })
  dueAt?: Date | null;
}

/**
 * The same as the resolver takes it: a type, so that Nest's validation leaves it alone. Its transformer would copy the
 * payload property by property, and payload is kept as sent.
 */
export type FlagInput = Readonly<FlagOutputInput>;
