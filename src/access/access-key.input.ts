import { Field, ID, InputType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsDate, IsEnum, IsOptional, IsUUID, Length, Matches } from 'class-validator';

import { ApiKeyScope } from './viewer.js';

const NAME = '1 to 200 characters; says where the key is used, so that it can be told from others.';
const EXPIRES_AT = 'In the future. Left out, the key works until it is revoked.';

@InputType()
export class CreateApiKeyInput {
  @Field(() => String, { description: NAME })
  @Length(1, 200)
  name: string;

  @Field(() => [ApiKeyScope], { description: 'At least one.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @IsEnum(ApiKeyScope, { each: true })
  scopes: ApiKeyScope[];

  @Field(() => Date, { nullable: true, description: EXPIRES_AT })
  @IsOptional()
  @IsDate()
  expiresAt?: Date | null;
}

@InputType()
export class CreatePersonalTokenInput {
  @Field(() => ID, { nullable: true, description: 'Left out, the caller. Anybody else takes an admin.' })
  @IsOptional()
  @IsUUID()
  memberId?: string | null;

  @Field(() => String, { description: NAME })
  @Length(1, 200)
  name: string;

  @Field(() => Date, { nullable: true, description: EXPIRES_AT })
  @IsOptional()
  @IsDate()
  expiresAt?: Date | null;
}

@InputType()
export class CreateSignInLinkInput {
  @Field(() => ID)
  @IsUUID()
  memberId: string;
}

@InputType()
export class RevokeKeyInput {
  @Field(() => ID, { description: 'The id, never the secret.' })
  @Matches(/^[0-9A-Za-z]{1,64}$/, { message: 'keyId must be the id of a key; the whole token is never sent here' })
  keyId: string;
}

@InputType()
export class SignOutEverywhereInput {
  @Field(() => ID, { nullable: true, description: 'Left out, the caller. Anybody else takes an admin.' })
  @IsOptional()
  @IsUUID()
  memberId?: string | null;
}
