import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ArrayMaxSize, IsBoolean, IsEnum, IsInt, IsOptional, IsUUID, Length, Matches, Max, Min } from 'class-validator';

import { Role } from './viewer.js';

/** No control characters, no spaces at the ends: names are shown and compared. */
const PRINTABLE = /^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u;

@InputType()
export class CreateMemberInput {
  @Field(() => String, { description: '1 to 200 characters, unique in the project.' })
  @Length(1, 200)
  @Matches(PRINTABLE, { message: 'name must not hold control characters, or spaces at its ends' })
  name: string;

  @Field(() => Role)
  @IsEnum(Role)
  role: Role;

  @Field(() => [String], { defaultValue: [], description: 'Up to 50, each 1 to 64 characters.' })
  @ArrayMaxSize(50)
  @Length(1, 64, { each: true })
  skills: string[];
}

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateMemberInput {
  @Field(() => ID)
  @IsUUID()
  memberId: string;

  @Field(() => String, { nullable: true, description: '1 to 200 characters, unique in the project.' })
  @IsOptional()
  @Length(1, 200)
  @Matches(PRINTABLE, { message: 'name must not hold control characters, or spaces at its ends' })
  name?: string | null;

  @Field(() => Role, { nullable: true })
  @IsOptional()
  @IsEnum(Role)
  role?: Role | null;

  @Field(() => [String], { nullable: true, description: 'Replaces all. Up to 50, each 1 to 64 characters.' })
  @IsOptional()
  @ArrayMaxSize(50)
  @Length(1, 64, { each: true })
  skills?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'Live leases that the member may hold at once: 1 to 100.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  capacity?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False ends every key and session of the member within seconds.',
  })
  @IsOptional()
  @IsBoolean()
  isActive?: boolean | null;
}
