import { Field, InputType } from '@nestjs/graphql';
import { IsEnum, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

import { Verdict } from '../assignment/verdict.js';

@InputType({ description: 'All that is given must hold.' })
export class EvalCaseFilter {
  @Field(() => String, {
    nullable: true,
    description:
      'Stands somewhere in the case: input, outputs, tags, provenance. Upper and lower case are the same. 1 to 200 characters.',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  text?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  tag?: string | null;

  @Field(() => Verdict, { nullable: true })
  @IsOptional()
  @IsEnum(Verdict)
  verdict?: Verdict | null;

  @Field(() => String, { nullable: true, description: 'train, validation or test.' })
  @IsOptional()
  @IsIn(['train', 'validation', 'test'])
  split?: string | null;
}
