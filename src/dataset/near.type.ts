import { Field, Float, ID, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { PageInfo } from '../graphql/page-info.js';
import { EvalCase } from './eval-case.type.js';

@ObjectType({
  description:
    'Two cases whose inputs are almost the same: another number, white space, case, a few other words. Both stay cases ' +
    'until a manager retracts one.',
})
@AllowInherited()
export class NearIdenticalPair {
  @Field(() => ID)
  id: string;

  @Field(() => Float, {
    description:
      '0.7 to 1: an estimate, to about 0.04, of the share of words or parts of words that both have. 1 is not the same: ' +
      'they may differ in case, white space, punctuation or order.',
  })
  similarity: number;

  @Field(() => EvalCase, { description: 'The one whose input came first; where several have it, the oldest of them.' })
  older: EvalCase;

  @Field(() => EvalCase)
  newer: EvalCase;

  @Field(() => DateTimeScalar)
  foundAt: Date;

  @Field(() => Boolean, { description: 'A manager said that they are two all the same.' })
  isDistinct: boolean;

  @Field(() => String, { nullable: true, description: 'Why, where a manager said so.' })
  distinctReason: string | null;
}

@ObjectType({ description: 'Another case whose input is almost the same.' })
@AllowInherited()
export class NearIdenticalCase {
  @Field(() => ID, { description: 'Of the pair.' })
  pairId: string;

  @Field(() => Float, { description: 'As of the pair.' })
  similarity: number;

  @Field(() => Boolean)
  isDistinct: boolean;

  @Field(() => EvalCase)
  evalCase: EvalCase;
}

@ObjectType()
@AllowInherited()
export class NearIdenticalEdge {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => NearIdenticalPair)
  node: NearIdenticalPair;
}

@ObjectType()
@AllowInherited()
export class NearIdenticalConnection {
  @Field(() => [NearIdenticalEdge])
  edges: NearIdenticalEdge[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}
