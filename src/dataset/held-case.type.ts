import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { Verdict } from '../item/verdict.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { PageInfo } from '../graphql/page-info.js';

@ObjectType({ description: 'A resolved item that would be a case and waits for a person.' })
@AllowInherited()
export class HeldCase {
  itemId: string;

  @Field(() => Verdict)
  verdict: Verdict;

  @Field(() => JsonScalar, { nullable: true, description: 'What the output should have been, as people resolved it.' })
  expected: unknown;

  @Field(() => [JsonScalar], { description: 'What a manager said is right as well.' })
  alternatives: readonly unknown[];

  @Field(() => [String], { description: 'In quarantine: what it lacks, a sentence each.' })
  reasons: readonly string[];

  @Field(() => DateTimeScalar, { description: 'Since when it waits.' })
  heldAt: Date;
}

@ObjectType()
@AllowInherited()
export class HeldCaseEdge {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => HeldCase)
  node: HeldCase;
}

@ObjectType()
@AllowInherited()
export class HeldCaseConnection {
  @Field(() => [HeldCaseEdge])
  edges: readonly HeldCaseEdge[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}

@ObjectType({ description: 'Items with one input whose resolutions contradict each other. None of them is a case.' })
@AllowInherited()
export class CaseConflict {
  @Field(() => ID, { description: 'The SHA-256 of the input that they share, in hexadecimal digits.' })
  id: string;

  @Field(() => String, { description: 'Changes with what is in it; `resolveConflict` asks for it.' })
  version: string;

  @Field(() => Int, { description: 'How many items wait in it.' })
  size: number;

  @Field(() => [HeldCase], { description: 'By id of their items, which is the order of flagging; the first 100.' })
  cases: readonly HeldCase[];
}

@ObjectType()
@AllowInherited()
export class CaseConflictEdge {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => CaseConflict)
  node: CaseConflict;
}

@ObjectType()
@AllowInherited()
export class CaseConflictConnection {
  @Field(() => [CaseConflictEdge])
  edges: readonly CaseConflictEdge[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}
