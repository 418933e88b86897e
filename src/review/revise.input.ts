import { Field, ID, InputType } from '@nestjs/graphql';
import { IsEnum, IsOptional, IsUUID, MaxLength } from 'class-validator';

import { Verdict } from '../item/verdict.js';
import { JsonScalar } from '../graphql/json.scalar.js';

@InputType({ description: 'The whole answer as it is to be: what is left out is none.' })
export class ReviseReviewInput {
  @Field(() => ID, { description: "The viewer's own review, the newest of it." })
  @IsUUID(undefined, { message: 'reviewId must be the id of a review, a UUID' })
  reviewId: string;

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
    description: 'Answers to the version of the rubric that the review was given, by field name.',
  })
  @IsOptional()
  labels?: unknown;

  @Field(() => String, { nullable: true, description: 'At most 10,000 characters.' })
  @IsOptional()
  @MaxLength(10_000, { message: 'comment may have at most 10,000 characters' })
  comment?: string | null;
}
