import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';

@ObjectType({ description: 'Outputs whose right answer is known, mixed in among the items of a queue.' })
@AllowInherited()
export class GoldSettings {
  @Field(() => Float, { description: "Of each reviewer's claims, the share that gets one: 0 to 0.5." })
  rate: number;

  @Field(() => Float, { description: 'Whoever is right less often is paused: 0 to 1; 0 for nobody.' })
  bar: number;

  @Field(() => Int, { description: 'Answers, since the start or since they were let go on, before anybody is paused.' })
  minimum: number;
}
