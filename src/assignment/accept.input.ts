import { Field, InputType, Int } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

@InputType({ description: 'What a reviewer takes without asking, for as long as they listen.' })
export class AcceptInput {
  @Field(() => [String], { nullable: true, description: 'Keys, 1 to 200; left out, all queues that they work.' })
  @IsOptional()
  @ArrayMinSize(1, { message: 'queues must name at least one queue; left out, it means all' })
  @ArrayMaxSize(200)
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { each: true, message: 'queues must be keys of queues, like support-answers' })
  queues?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 2,
    description:
      'Leases up to which they are given more, 1 to 10: 2 is one in hand and one ready. Never more than their own capacity.',
  })
  @IsOptional()
  @IsInt()
  @Min(1, { message: 'capacity must be 1 to 10' })
  @Max(10, { message: 'capacity must be 1 to 10' })
  capacity?: number | null;
}
