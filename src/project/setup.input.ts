import { Field, InputType, Int } from '@nestjs/graphql';
import { IsArray, IsBoolean, IsDefined, IsEnum, IsInt, IsOptional, IsString, MaxLength } from 'class-validator';

import { JsonScalar } from '../graphql/json.scalar.js';
import { OnDeadline } from './on-deadline.js';

// Ranges and forms are checked where set-up documents are, in queue.draft.ts and policy.ts: one rule, one sentence.

@InputType()
export class ApplySetupInput {
  @Field(() => JsonScalar, {
    description: 'What a set-up file holds: `queues`, `policy`, `datasets`. What it does not name is left alone.',
  })
  @IsDefined()
  document: unknown;

  @Field(() => Boolean, { defaultValue: false, description: 'Show the changes and make none.' })
  @IsBoolean()
  dryRun: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'The hash of a dry run. If the changes would no longer be those, INVALID_INPUT and nothing is changed.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  expectedHash?: string | null;
}

@InputType({
  description: 'What is left out stays as it is; for a new queue, the default holds and `name` is required.',
})
export class SaveQueueInput {
  @Field(() => String, { description: '1 to 63 of a-z, 0-9 and "-".' })
  @IsString()
  key: string;

  @Field(() => String, { nullable: true, description: 'Up to 200 characters.' })
  @IsOptional()
  @IsString()
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Up to 50,000 characters. Default empty.' })
  @IsOptional()
  @IsString()
  instructions?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: '1 to 9. Default 1. Items that wait keep what they were flagged with.',
  })
  @IsOptional()
  @IsInt()
  reviewsRequired?: number | null;

  @Field(() => Int, { nullable: true, description: '1 to 86,400. Default 600.' })
  @IsOptional()
  @IsInt()
  leaseSeconds?: number | null;

  @Field(() => Int, { nullable: true, description: '1 to 31,536,000; null for no deadline. Default none.' })
  @IsOptional()
  @IsInt()
  slaSeconds?: number | null;

  @Field(() => [String], { nullable: true, description: 'Up to 20. A member needs them all. Default none.' })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  skills?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of the members who work it, up to 1,000. Default none: all who have the skills.',
  })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  members?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whoever reviewed or holds an item is not offered another with the same group key. Default false.',
  })
  @IsOptional()
  @IsBoolean()
  separateGroups?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      '1 to 31,536,000. What has waited so long goes to anybody who works the queue, skills or not. Null for never; default never.',
  })
  @IsOptional()
  @IsInt()
  relaxSkillsAfterSeconds?: number | null;

  @Field(() => OnDeadline, {
    nullable: true,
    description: 'What becomes of an item when its deadline passes. Default STAY_OPEN.',
  })
  @IsOptional()
  @IsEnum(OnDeadline)
  onDeadline?: OnDeadline | null;

  @Field(() => Boolean, { nullable: true, description: 'Whoever skips an item has to say why. Default false.' })
  @IsOptional()
  @IsBoolean()
  skipReasonRequired?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "A reviewer sees no others' reviews of an item before their own is in. Default true.",
  })
  @IsOptional()
  @IsBoolean()
  blind?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'A reviewer sees neither confidence, risk, signals, reasons nor rule before their own review is in. Default false.',
  })
  @IsOptional()
  @IsBoolean()
  hidesSignals?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      '0 to 31,536,000: seconds from their first answer to an item in which a reviewer may revise it; 0 for never. ' +
      'Default 86,400, a day.',
  })
  @IsOptional()
  @IsInt()
  reviseWithinSeconds?: number | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'A list of fields, see `Rubric.fields`. One that differs becomes the next version. Default no fields.',
  })
  @IsOptional()
  rubric?: unknown;
}

@InputType()
export class SavePolicyInput {
  @Field(() => JsonScalar, { description: 'A list of 1 to 100 rules, see `Policy.rules`. They replace those before.' })
  @IsDefined()
  rules: unknown;
}
