import { Field, ID, InputType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsEnum,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';

import { QuarantineChoice } from './curation.kinds.js';

@InputType()
export class DecideQuarantineInput {
  @Field(() => String, { description: "A dataset's key." })
  @IsString()
  dataset: string;

  @Field(() => [ID], { description: 'Items that wait in quarantine: 1 to 100.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsUUID('all', { each: true })
  itemIds: string[];

  @Field(() => QuarantineChoice)
  @IsEnum(QuarantineChoice)
  choice: QuarantineChoice;

  @Field(() => String, {
    description:
      'Why, for those who ask later; 1 to 1,000 characters. Of what is let through it stands in the provenance, also in exports.',
  })
  @MinLength(1)
  @MaxLength(1_000)
  reason: string;
}
