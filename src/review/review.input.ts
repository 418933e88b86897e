import { Field, ID, InputType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsUUID, MaxLength } from 'class-validator';

import { LeaseInput } from '../assignment/assignment.input.js';
import { Verdict } from '../item/verdict.js';
import { JsonScalar } from '../graphql/json.scalar.js';

@InputType()
export class SubmitReviewInput extends LeaseInput {
  @Field(() => Verdict)
  @IsEnum(Verdict)
  verdict: Verdict;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Required when the verdict is CORRECTED, allowed when it is REJECTED, and not when it is CONFIRMED. ' +
      'At most as large as an item may be, 1 MiB as JSON unless configured.',
  })
  @IsOptional()
  correctedOutput?: unknown;

  @Field(() => JsonScalar, { nullable: true, description: "Answers to the queue's rubric, by field name." })
  @IsOptional()
  labels?: unknown;

  @Field(() => String, { nullable: true, description: 'At most 10,000 characters.' })
  @IsOptional()
  @MaxLength(10_000, { message: 'comment may have at most 10,000 characters' })
  comment?: string | null;
}

@InputType()
export class AdjudicateInput {
  @Field(() => ID)
  @IsUUID(undefined, { message: 'itemId must be the id of an item, a UUID' })
  itemId: string;

  @Field(() => Verdict)
  @IsEnum(Verdict)
  verdict: Verdict;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Required when the verdict is CORRECTED, allowed when it is REJECTED, and not when it is CONFIRMED. ' +
      'At most as large as an item may be, 1 MiB as JSON unless configured.',
  })
  @IsOptional()
  correctedOutput?: unknown;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Answers to the newest version of the rubric that a review of this item used, by field name.',
  })
  @IsOptional()
  labels?: unknown;

  @Field(() => String, { nullable: true, description: 'Why, for whoever reads it later. At most 10,000 characters.' })
  @IsOptional()
  @MaxLength(10_000, { message: 'comment may have at most 10,000 characters' })
  comment?: string | null;
}
