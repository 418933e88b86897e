import { Field, InputType } from '@nestjs/graphql';
import { IsString, MaxLength } from 'class-validator';

import { LeaseInput } from './assignment.input.js';

@InputType()
export class EscalateInput extends LeaseInput {
  @Field(() => String, {
    description: 'What is to be decided, for whoever decides it. 1 to 2,000 characters, spaces around it not counted.',
  })
  @IsString()
  @MaxLength(2_000, { message: 'note may have at most 2,000 characters' })
  note: string;
}
