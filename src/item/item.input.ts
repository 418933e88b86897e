import { Field, ID, InputType } from '@nestjs/graphql';
import { IsBoolean, IsDate, IsEnum, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { RiskLevel } from '../project/risk-level.js';
import { ItemStatus } from './item.lifecycle.js';
import { Verdict } from './verdict.js';

@InputType({ description: 'All that is given must hold.' })
export class ItemFilter {
  @Field(() => String, { nullable: true, description: "A queue's key." })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  queue?: string | null;

  @Field(() => [ItemStatus], { nullable: true, description: 'Any of these.' })
  @IsOptional()
  @IsEnum(ItemStatus, { each: true })
  status?: ItemStatus[] | null;

  @Field(() => [RiskLevel], { nullable: true, description: 'Any of these.' })
  @IsOptional()
  @IsEnum(RiskLevel, { each: true })
  risk?: RiskLevel[] | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  tag?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  source?: string | null;

  @Field(() => String, { nullable: true, description: "The model's name." })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  model?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  modelVersion?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  externalId?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Exclusive.' })
  @IsOptional()
  @IsDate()
  createdAfter?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Exclusive.' })
  @IsOptional()
  @IsDate()
  createdBefore?: Date | null;

  @Field(() => ID, { nullable: true, description: 'The member who holds it for review now.' })
  @IsOptional()
  @IsUUID()
  assignee?: string | null;

  @Field(() => ID, { nullable: true, description: 'A member who reviewed or adjudicated it.' })
  @IsOptional()
  @IsUUID()
  decidedBy?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Words that all stand in it, in any order: in its input, output, context or metadata (the first 4,000 words of each, ' +
      '1,000 of the metadata), an id, source or tag, and, but not for reviewers, in what reviewers wrote or the name of its ' +
      'author. "Several words" as they stand, begin* for a beginning, -word for what must not be there. Case does not ' +
      'count. Of Chinese, Japanese, Thai and their like any stretch is found. Up to 500 characters and 50 words; a new ' +
      'item is found within about a second.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  text?: string | null;

  @Field(() => [Verdict], { nullable: true, description: 'Any of these is its final answer.' })
  @IsOptional()
  @IsEnum(Verdict, { each: true })
  verdict?: Verdict[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Past its deadline without a final answer, or not.' })
  @IsOptional()
  @IsBoolean()
  overdue?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'A case made of it failed in a run of a suite and has not passed since, or not.',
  })
  @IsOptional()
  @IsBoolean()
  evalFailing?: boolean | null;
}

@InputType()
export class WithdrawItemInput {
  @Field(() => ID)
  @IsUUID()
  itemId: string;

  @Field(() => String, { nullable: true, description: 'Why, at most 2,000 characters; the log keeps it.' })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  reason?: string | null;
}
