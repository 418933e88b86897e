import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { IsBoolean, IsInt, IsString, IsUUID, Matches, MaxLength, MinLength } from 'class-validator';

const REASON = 'Why, for those who ask later; 1 to 1,000 characters.';

@InputType()
export class MarkDistinctInput {
  @Field(() => String, { description: "A dataset's key." })
  @IsString()
  dataset: string;

  @Field(() => ID, { description: 'The id of the pair.' })
  @Matches(/^\d{1,18}-\d{1,18}$/)
  pair: string;

  @Field(() => Boolean, { defaultValue: true, description: 'False takes it back.' })
  @IsBoolean()
  isDistinct: boolean;

  @Field(() => String, { description: REASON })
  @MinLength(1)
  @MaxLength(1_000)
  reason: string;
}

@InputType()
export class RetractCaseInput {
  @Field(() => String, { description: "A dataset's key." })
  @IsString()
  dataset: string;

  @Field(() => ID)
  @IsUUID()
  caseId: string;

  @Field(() => Int, { description: 'The revision that you saw. Refused when there is a newer one by now.' })
  @IsInt()
  revision: number;

  @Field(() => String, { description: REASON })
  @MinLength(1)
  @MaxLength(1_000)
  reason: string;
}
