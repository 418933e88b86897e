import { Field, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import type { ReviewItem } from '../item/item.entity.js';
import { IntakeDecision } from '../project/intake-decision.js';

@ObjectType()
@AllowInherited()
export class FlagOutputPayload {
  @Field(() => IntakeDecision)
  decision: IntakeDecision;

  @Field(() => Boolean, { description: 'This externalId was known already; nothing was added.' })
  duplicate: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The policy rule that decided, by name; null when the app named the queue.',
  })
  rule: string | null;

  /** Of a PASS there is none. */
  itemId: string | null;

  /** At hand when this call added it; read when asked for otherwise. */
  item: ReviewItem | null;
}

@ObjectType()
@AllowInherited()
export class RowError {
  @Field(() => String, { description: 'One of the codes that the whole call could be refused with.' })
  code: string;

  @Field(() => String)
  message: string;
}

@ObjectType({
  description: 'One of a batch: exactly one of payload and error is set, and the other rows of the batch stand.',
})
@AllowInherited()
export class FlagOutputsRow {
  @Field(() => String, { description: 'As it was sent; empty where no text was.' })
  externalId: string;

  @Field(() => FlagOutputPayload, { nullable: true })
  payload: FlagOutputPayload | null;

  @Field(() => RowError, { nullable: true })
  error: RowError | null;
}

@ObjectType()
@AllowInherited()
export class FlagOutputsPayload {
  @Field(() => [FlagOutputsRow], { description: 'In the order of the inputs.' })
  rows: FlagOutputsRow[];
}
