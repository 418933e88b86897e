import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ArrayMaxSize, IsArray, IsEnum, IsInt, IsOptional, IsString, IsUUID } from 'class-validator';
import { Matches, MaxLength, Min } from 'class-validator';

import { EvalOutcome } from './eval-run.kinds.js';

const MOST = 10_000;
const LISTED = `Ids of cases, up to ${MOST}; no id may stand twice in the lists.`;
const COUNT = 'How many they are where not all are listed; left out, as many as are listed.';

@InputType()
export class ReportEvalRunInput {
  @Field(() => String, { description: "A dataset's key." })
  @IsString()
  dataset: string;

  @Field(() => String, { description: "The runner's own id of the run: 1 to 200 printable ASCII characters." })
  @Matches(/^[\x21-\x7e]{1,200}$/)
  runId: string;

  @Field(() => EvalOutcome, { description: 'What the gate decided.' })
  @IsEnum(EvalOutcome)
  outcome: EvalOutcome;

  @Field(() => String, {
    nullable: true,
    description: 'Where people look at the run: http or https, up to 2,000 characters.',
  })
  @IsOptional()
  @MaxLength(2_000)
  @Matches(/^https?:\/\/[^\s\p{C}]+$/u, { message: 'must be like https://ci.example/runs/1' })
  url?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The commit that was tried, up to 100 letters, digits and "._/-".',
  })
  @IsOptional()
  @Matches(/^[\w./-]{1,100}$/, { message: 'must be 1 to 100 letters, digits and "._/-"' })
  commit?: string | null;

  @Field(() => [ID], { description: LISTED })
  @IsArray()
  @ArrayMaxSize(MOST)
  @IsUUID(undefined, { each: true })
  passed: string[];

  @Field(() => [ID], { description: LISTED })
  @IsArray()
  @ArrayMaxSize(MOST)
  @IsUUID(undefined, { each: true })
  failed: string[];

  @Field(() => [ID], { description: LISTED })
  @IsArray()
  @ArrayMaxSize(MOST)
  @IsUUID(undefined, { each: true })
  incomplete: string[];

  @Field(() => Int, { nullable: true, description: COUNT })
  @IsOptional()
  @IsInt()
  @Min(0)
  passedCount?: number | null;

  @Field(() => Int, { nullable: true, description: COUNT })
  @IsOptional()
  @IsInt()
  @Min(0)
  failedCount?: number | null;

  @Field(() => Int, { nullable: true, description: COUNT })
  @IsOptional()
  @IsInt()
  @Min(0)
  incompleteCount?: number | null;

  @Field(() => Int, { nullable: true, description: 'Those of the incomplete that did not run; left out, 0.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  missingCount?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Those of the incomplete that broke before they could be judged; left out, 0.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  erroredCount?: number | null;
}
