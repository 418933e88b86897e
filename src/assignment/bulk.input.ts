import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsBoolean,
  IsDate,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { ItemFilter } from '../item/item.input.js';

@InputType({ description: 'Which items: by id, or by a filter with the number that a dry run found.' })
export class BulkInput {
  @Field(() => [ID], { nullable: true, description: 'Up to 1,000.' })
  @IsOptional()
  @ArrayMaxSize(1_000)
  @IsUUID(undefined, { each: true })
  itemIds?: string[] | null;

  @Field(() => ItemFilter, {
    nullable: true,
    description: 'Met by up to 1,000 items. Without a status, those that wait.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ItemFilter)
  filter?: ItemFilter | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Count, and change nothing.' })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'If it would be another number of items, INVALID_INPUT and nothing is changed.',
  })
  @IsOptional()
  @IsInt()
  expectedCount?: number | null;
}

@InputType()
export class MoveItemsInput extends BulkInput {
  @Field(() => String, { description: 'The key of the queue that they go to.' })
  @IsString()
  @MaxLength(63)
  queue: string;
}

@InputType()
export class BumpItemsInput extends BulkInput {
  @Field(() => Int, { nullable: true, description: '0 to 9, higher is sooner. Left out, it stays.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(9)
  priority?: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Left out, it stays.' })
  @IsOptional()
  @IsDate()
  dueAt?: Date | null;
}

@InputType()
export class WithdrawItemsInput extends BulkInput {
  @Field(() => String, { nullable: true, description: 'Why, at most 2,000 characters; the log keeps it.' })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  reason?: string | null;
}

@InputType()
export class AssignItemsInput extends BulkInput {
  @Field(() => ID, { description: 'Who is to review them.' })
  @IsUUID()
  memberId: string;
}

@InputType()
export class UnassignItemsInput extends BulkInput {}

@InputType()
export class AssignItemInput {
  @Field(() => ID)
  @IsUUID()
  itemId: string;

  @Field(() => ID)
  @IsUUID()
  memberId: string;
}

@InputType()
export class UnassignInput {
  @Field(() => ID)
  @IsUUID()
  assignmentId: string;
}
