import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { Member } from '../access/member.entity.js';
import { Verdict } from '../item/verdict.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { Queue } from '../project/queue.entity.js';

@ObjectType({
  description:
    'An output whose right answer is known. Each reviewer is given a copy of their own, which looks like any item of the ' +
    'queue. An answer is right when it has the same verdict; for CORRECTED, one of `correctedOutputs`, if there are any; ' +
    'and the same `labels`, of which only those given here count. Texts that differ in white space are the same.',
})
@AllowInherited()
export class Gold {
  projectId: number;
  queueId: string;

  @Field(() => ID)
  id: string;

  @Field(() => ID, { nullable: true, description: 'The item that it was made of.' })
  itemId: string | null;

  @Field(() => JsonScalar)
  input: unknown;

  @Field(() => JsonScalar)
  output: unknown;

  @Field(() => Verdict)
  verdict: Verdict;

  @Field(() => [JsonScalar])
  correctedOutputs: unknown[];

  @Field(() => JsonScalar)
  labels: Record<string, unknown>;

  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'From then on nobody is given it.' })
  retiredAt: Date | null;

  @Field(() => Int, { description: 'Reviewers who answered it.' })
  answered: number;

  @Field(() => Int, { description: 'Reviewers who were right. Far fewer than elsewhere: look whether it is.' })
  right: number;
}

@ObjectType()
@AllowInherited()
export class GoldPayload {
  @Field(() => Gold)
  gold: Gold;
}

@ObjectType()
@AllowInherited()
export class ResumeReviewerPayload {
  @Field(() => Member)
  member: Member;

  @Field(() => Queue)
  queue: Queue;
}

@ObjectType({ description: 'A reviewer whom a queue passes by, for too few of their answers were right.' })
@AllowInherited()
export class ReviewerPause {
  projectId: number;
  memberId: string;
  queueId: string;

  @Field(() => DateTimeScalar)
  pausedAt: Date;

  @Field(() => Int, { description: 'Known answers that they gave theirs to, since they were last let in.' })
  answered: number;

  @Field(() => Int)
  right: number;
}

@ObjectType({ description: 'A reviewer was paused in a queue, or may go on.' })
@AllowInherited()
export class ReviewerPausedEvent {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => Member)
  member: Member;

  @Field(() => Queue)
  queue: Queue;

  @Field(() => Boolean)
  isPaused: boolean;

  @Field(() => Int, { description: 'Known answers that they gave theirs to, since they were last let in.' })
  answered: number;

  @Field(() => Int)
  right: number;
}
