import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { Verdict } from '../item/verdict.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { PageInfo } from '../graphql/page-info.js';

/** One revision of a case, as it is read from its record. */
@ObjectType({ description: 'A resolved item as a test: what went in, what should come out, and where that is from.' })
@AllowInherited()
export class EvalCase {
  @Field(() => ID, { description: 'UUIDv7, the same for the life of the case.' })
  id: string;

  @Field(() => Int, { description: 'From 1; the next one when the content changes.' })
  revision: number;

  @Field(() => String, { description: '"sha256:" and the hash over input, expected output and assertions.' })
  contentHash: string;

  @Field(() => JsonScalar)
  input: unknown;

  @Field(() => [JsonScalar], { description: 'What the system had in front of it.' })
  context: readonly unknown[];

  @Field(() => JsonScalar, { nullable: true, description: 'Null when it was rejected and nobody said what is right.' })
  expected: unknown;

  @Field(() => [JsonScalar], { description: 'What is right as well, as a manager said.' })
  alternatives: readonly unknown[];

  @Field(() => JsonScalar, { description: 'What production answered.' })
  observed: unknown;

  @Field(() => Verdict)
  verdict: Verdict;

  @Field(() => JsonScalar, { description: 'How a suite tells right from wrong: a list of checks of known kinds.' })
  assertions: unknown;

  @Field(() => String, { description: 'train, validation or test.' })
  split: string;

  @Field(() => [String])
  tags: readonly string[];

  @Field(() => JsonScalar, {
    description:
      'Source, item, trace, model, prompt, flag reasons, confidence, signals, policy rule, rubric version, reviews by ' +
      'pseudonym, agreement, who resolved, admitted and edited it and when.',
  })
  provenance: unknown;

  itemId: string;
}

@ObjectType()
@AllowInherited()
export class EvalCaseEdge {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => EvalCase)
  node: EvalCase;
}

@ObjectType()
@AllowInherited()
export class EvalCaseConnection {
  @Field(() => [EvalCaseEdge])
  edges: EvalCaseEdge[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}
