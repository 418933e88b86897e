import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { IsBoolean, IsEnum, IsInt, IsOptional, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';

import { JsonScalar } from '../graphql/json.scalar.js';
import { Verdict } from '../item/verdict.js';

@InputType()
export class ClaimNextInput {
  @Field(() => String, {
    nullable: true,
    description: "A queue's key; left out, all queues that the reviewer works.",
  })
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'queue must be the key of a queue, like support-answers' })
  queue?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 1, description: '1 to 10.' })
  @IsOptional()
  @IsInt()
  @Min(1, { message: 'count must be 1 to 10' })
  @Max(10, { message: 'count must be 1 to 10' })
  count?: number | null;
}

@InputType()
export class LeaseInput {
  @Field(() => ID)
  @IsUUID(undefined, { message: 'assignmentId must be the id of an assignment, a UUID' })
  assignmentId: string;

  @Field(() => String)
  @IsUUID(undefined, { message: 'leaseToken must be the token that came with the assignment, a UUID' })
  leaseToken: string;
}

@InputType()
export class SaveDraftInput extends LeaseInput {
  @Field(() => Verdict, { nullable: true })
  @IsOptional()
  @IsEnum(Verdict)
  verdict?: Verdict | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'At most as large as an item may be, 1 MiB as JSON unless configured.',
  })
  @IsOptional()
  correctedOutput?: unknown;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Not checked against the rubric before the review is submitted.',
  })
  @IsOptional()
  labels?: unknown;

  @Field(() => String, { nullable: true, description: 'At most 10,000 characters.' })
  @IsOptional()
  @MaxLength(10_000, { message: 'comment may have at most 10,000 characters' })
  comment?: string | null;
}

@InputType()
export class ReleaseInput extends LeaseInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Skips the item for this reviewer for good.',
  })
  @IsOptional()
  @IsBoolean()
  skip?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for whoever reads the log. At most 1,000 characters. Required to skip where the queue says so.',
  })
  @IsOptional()
  @MaxLength(1_000, { message: 'reason may have at most 1,000 characters' })
  reason?: string | null;
}
