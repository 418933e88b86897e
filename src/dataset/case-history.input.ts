import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { IsEnum, IsIn, IsInt, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

import { Verdict } from '../item/verdict.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';

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

/** Of a list of arguments only the outermost is checked by itself; the resolver checks `filter`. */
@ArgsType()
export class EvalCaseArgs {
  @Field(() => String)
  @IsString()
  dataset: string;

  @Field(() => Int, { nullable: true })
  @IsOptional()
  @IsInt()
  snapshot?: number | null;

  @Field(() => Int, { defaultValue: 50 })
  @IsInt()
  first: number;

  @Field(() => CursorScalar, { nullable: true })
  @IsOptional()
  @IsString()
  after?: string | null;

  @Field(() => EvalCaseFilter, { nullable: true })
  @IsOptional()
  filter?: EvalCaseFilter | null;
}
