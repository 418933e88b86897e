import { Field, Float, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsEnum, IsInt, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';

import { Verdict } from '../item/verdict.js';

// Ranges and forms are checked where set-up documents are, in dataset.draft.ts: one rule, one sentence.

@InputType({ description: 'In hundredths; the three add up to 100.' })
export class DatasetSplitInput {
  @Field(() => Int, { defaultValue: 0 })
  @IsInt()
  train: number;

  @Field(() => Int, { defaultValue: 0 })
  @IsInt()
  validation: number;

  @Field(() => Int, { defaultValue: 0 })
  @IsInt()
  test: number;
}

@InputType({ description: 'What is left out stays as it is; for a new dataset, everything passes.' })
export class DatasetBarInput {
  @Field(() => [Verdict], { nullable: true, description: 'The verdicts that become cases; at least one.' })
  @IsOptional()
  @IsArray()
  @IsEnum(Verdict, { each: true })
  verdicts?: Verdict[] | null;

  @Field(() => Float, {
    nullable: true,
    description: '0 to 1, of the agreement among the reviewers. With more than 0, one review alone does not pass.',
  })
  @IsOptional()
  @IsNumber()
  minAgreement?: number | null;

  @Field(() => Int, { nullable: true, description: '0 to 100 people who reviewed it.' })
  @IsOptional()
  @IsInt()
  minReviewers?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether what an adjudicator decided passes, whatever agreement and reviewers it had.',
  })
  @IsOptional()
  @IsBoolean()
  adjudicatedPasses?: boolean | null;
}

@InputType({ description: 'What is left out stays as it is; for a new dataset, `name` is required.' })
export class SaveDatasetInput {
  @Field(() => String, { description: '1 to 63 of a-z, 0-9 and "-".' })
  @IsString()
  key: string;

  @Field(() => String, { nullable: true, description: 'Up to 200 characters.' })
  @IsOptional()
  @IsString()
  name?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Keys of the queues that feed it, up to 200; the whole list. Items that a new queue resolved before are taken in ' +
      'too. Cases of a queue that is left out stay.',
  })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  queues?: string[] | null;

  @Field(() => DatasetSplitInput, {
    nullable: true,
    description:
      'How cases are divided, by a hash of their group. Default: all for test. Fixed once there are cases, so that no ' +
      'group is ever parted.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => DatasetSplitInput)
  split?: DatasetSplitInput | null;

  @Field(() => DatasetBarInput, {
    nullable: true,
    description:
      'What a resolved item must have to become a case. A new bar is put to what waits in quarantine; cases that there ' +
      'are stay.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => DatasetBarInput)
  bar?: DatasetBarInput | null;
}

@InputType()
export class CreateSnapshotInput {
  @Field(() => String, { description: "A dataset's key." })
  @IsString()
  dataset: string;
}
