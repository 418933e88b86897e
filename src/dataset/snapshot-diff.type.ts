import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { PageInfo } from '../graphql/page-info.js';

export enum CaseChange {
  ADDED = 'ADDED',
  CHANGED = 'CHANGED',
  RETRACTED = 'RETRACTED',
}
registerEnumType(CaseChange, {
  name: 'CaseChange',
  valuesMap: {
    ADDED: { description: 'It was not there, or was retracted.' },
    CHANGED: { description: 'It was there with an earlier revision.' },
    RETRACTED: { description: 'It was there and no longer is.' },
  },
});

@ObjectType()
@AllowInherited()
export class ChangedCase {
  projectId: number;
  /** Its key. */
  dataset: string;

  @Field(() => ID)
  caseId: string;

  @Field(() => CaseChange)
  change: CaseChange;

  @Field(() => Int, { nullable: true, description: 'Its revision in `from`; null when it was not there.' })
  fromRevision: number | null;

  @Field(() => Int, { nullable: true, description: 'Its revision in `to`; null when it is not there.' })
  toRevision: number | null;
}

@ObjectType()
@AllowInherited()
export class ChangedCaseEdge {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => ChangedCase)
  node: ChangedCase;
}

@ObjectType()
@AllowInherited()
export class ChangedCaseConnection {
  @Field(() => [ChangedCaseEdge])
  edges: readonly ChangedCaseEdge[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}

@ObjectType({ description: 'What two states of a dataset differ in.' })
@AllowInherited()
export class SnapshotDiff {
  projectId: number;
  dataset: string;
  datasetId: string;
  fromPosition: string;
  toPosition: string;

  @Field(() => Int, { description: 'The number of the earlier snapshot.' })
  from: number;

  @Field(() => Int, { nullable: true, description: 'The number of the later snapshot; null for the dataset as it is.' })
  to: number | null;

  @Field(() => Int)
  added: number;

  @Field(() => Int)
  changed: number;

  @Field(() => Int)
  retracted: number;
}
