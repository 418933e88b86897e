import { Field, Float, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';

@ObjectType({ description: 'Something that the app measured of the output, by a name of its own choice.' })
@AllowInherited()
export class Signal {
  @Field(() => String)
  name: string;

  @Field(() => Float, { description: 'A double: about 15 digits are kept.' })
  value: number;
}
