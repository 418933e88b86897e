import { Field, ID, InputType } from '@nestjs/graphql';
import { ArrayMaxSize, IsArray, IsEnum, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

import { Verdict } from '../item/verdict.js';
import { JsonScalar } from '../graphql/json.scalar.js';

@InputType({ description: 'Give `itemId`, or `queue` with `input`, `output` and `verdict`.' })
export class MakeGoldInput {
  @Field(() => ID, {
    nullable: true,
    description: 'An item, perhaps of an eval case. Without `verdict`, its final answer is the known one.',
  })
  @IsOptional()
  @IsUUID()
  itemId?: string | null;

  @Field(() => String, { nullable: true, description: "A queue's key." })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  queue?: string | null;

  @Field(() => JsonScalar, { nullable: true })
  @IsOptional()
  input?: unknown;

  @Field(() => JsonScalar, { nullable: true })
  @IsOptional()
  output?: unknown;

  @Field(() => [JsonScalar], { nullable: true, description: 'At most 100.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  context?: unknown[] | null;

  @Field(() => JsonScalar, { nullable: true })
  @IsOptional()
  metadata?: unknown;

  @Field(() => Verdict, { nullable: true })
  @IsOptional()
  @IsEnum(Verdict)
  verdict?: Verdict | null;

  @Field(() => [JsonScalar], {
    nullable: true,
    description: 'With CORRECTED: each is right; none: any correction is. At most 20.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  correctedOutputs?: unknown[] | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "By field of the queue's rubric; what is left out may be answered in any way.",
  })
  @IsOptional()
  labels?: unknown;
}

@InputType()
export class RetireGoldInput {
  @Field(() => ID)
  @IsUUID()
  goldId: string;
}

@InputType()
export class ResumeReviewerInput {
  @Field(() => String, { description: "A queue's key." })
  @IsString()
  @MaxLength(63)
  queue: string;

  @Field(() => ID)
  @IsUUID()
  memberId: string;
}
