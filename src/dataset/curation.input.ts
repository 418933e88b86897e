import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsArray, IsEnum, IsInt, IsNumber, IsOptional, IsString } from 'class-validator';
import { IsUUID, Matches, MaxLength, MinLength, ValidateNested } from 'class-validator';

import { JsonScalar } from '../graphql/json.scalar.js';
import { AssertionKind, ConflictChoice } from './curation.kinds.js';

const REASON = 'Why, for those who ask later; 1 to 1,000 characters.';

@InputType()
export class AdmitCaseInput {
  @Field(() => String, { description: "A dataset's key." })
  @IsString()
  dataset: string;

  @Field(() => ID, { description: 'The item that waits in quarantine.' })
  @IsUUID()
  itemId: string;

  @Field(() => String, { description: `${REASON} It stands in the provenance of the case, also in exports.` })
  @MinLength(1)
  @MaxLength(1_000)
  reason: string;
}

@InputType()
export class ResolveConflictInput {
  @Field(() => String, { description: "A dataset's key." })
  @IsString()
  dataset: string;

  @Field(() => ID, { description: 'The id of the conflict.' })
  @Matches(/^[0-9a-f]{64}$/)
  conflict: string;

  @Field(() => String, { description: 'Its version as you saw it. Refused when it has another by now.' })
  @IsString()
  version: string;

  @Field(() => ConflictChoice)
  @IsEnum(ConflictChoice)
  choice: ConflictChoice;

  @Field(() => ID, { nullable: true, description: 'The item that stays; for KEEP_ONE and KEEP_ALL.' })
  @IsOptional()
  @IsUUID()
  itemId?: string | null;

  @Field(() => String, { description: REASON })
  @MinLength(1)
  @MaxLength(1_000)
  reason: string;
}

@InputType()
export class AssertionInput {
  @Field(() => AssertionKind)
  @IsEnum(AssertionKind)
  kind: AssertionKind;

  @Field(() => JsonScalar, { nullable: true, description: 'See the kinds.' })
  @IsOptional()
  value?: unknown;

  @Field(() => Float, { nullable: true, description: '0 to 1: from which score on it passes.' })
  @IsOptional()
  @IsNumber()
  threshold?: number | null;

  @Field(() => Float, { nullable: true, description: 'More than 0, up to 1,000; 1 when left out.' })
  @IsOptional()
  @IsNumber()
  weight?: number | null;
}

@InputType({ description: 'What is left out stays as it is.' })
export class EditCaseInput {
  @Field(() => String, { description: "A dataset's key." })
  @IsString()
  dataset: string;

  @Field(() => ID)
  @IsUUID()
  caseId: string;

  @Field(() => Int, { description: 'The revision that you saw. Refused when there is a newer one by now.' })
  @IsInt()
  revision: number;

  @Field(() => [String], {
    nullable: true,
    description: 'All that it is to have: up to 50, of up to 100 characters each.',
  })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  tags?: string[] | null;

  @Field(() => [AssertionInput], {
    nullable: true,
    description:
      'All that it is to have, up to 20. None: the one that a case has by itself, the comparison with `expected`.',
  })
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AssertionInput)
  assertions?: AssertionInput[] | null;

  @Field(() => [JsonScalar], { nullable: true, description: 'All outputs that are right as well, up to 20.' })
  @IsOptional()
  @IsArray()
  alternatives?: unknown[] | null;
}
