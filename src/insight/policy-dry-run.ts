import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { IntakeDecision } from '../project/intake-decision.js';

@ObjectType()
@AllowInherited()
export class DryRunDay {
  @Field(() => DateTimeScalar, { description: 'When the day begins (UTC).' })
  day: Date;

  @Field(() => Int)
  outputs: number;
}

@ObjectType({ description: 'What one rule would have taken. Numbers are estimates where only a sample was looked at.' })
@AllowInherited()
export class DryRunRule {
  @Field(() => String)
  name: string;

  @Field(() => IntakeDecision)
  decision: IntakeDecision;

  @Field(() => String, { nullable: true, description: "The queue's key; null for PASS." })
  queue: string | null;

  @Field(() => Int)
  outputs: number;

  @Field(() => Int, {
    description: 'On how many outputs its condition broke; those count as met where it sends to review.',
  })
  broken: number;

  @Field(() => [DryRunDay], { description: 'One for each day of the period, days without any included; at most 91.' })
  days: DryRunDay[];
}

@ObjectType({ description: 'What would have come into one queue.' })
@AllowInherited()
export class DryRunQueue {
  @Field(() => String)
  key: string;

  @Field(() => Int)
  outputs: number;

  @Field(() => Int, { description: 'As many as the queue requires now.' })
  reviewsEach: number;

  @Field(() => Float, {
    nullable: true,
    description: 'From claim to submit, the middle one of the last 90 days, to within 4.5 %; null without any.',
  })
  reviewMedianMs: number | null;

  @Field(() => Int, { description: 'How many reviews that is the middle of.' })
  reviewsMeasured: number;

  @Field(() => Float, { nullable: true, description: 'outputs × reviewsEach × reviewMedianMs; null without a median.' })
  reviewHours: number | null;
}

@ObjectType({
  description: 'What rules would have done with the outputs that were flagged. Nothing is changed by asking.',
})
@AllowInherited()
export class PolicyDryRun {
  @Field(() => DateTimeScalar)
  from: Date;

  @Field(() => DateTimeScalar)
  to: Date;

  @Field(() => Float, {
    description: 'The share of outputs that was looked at: 1 for all, less where there are very many.',
  })
  sampleRate: number;

  @Field(() => Int, { description: 'How many were looked at.' })
  sampled: number;

  @Field(() => Int, { description: 'Outputs that a policy decided in the period.' })
  outputs: number;

  @Field(() => Int, { description: 'Of these, how many these rules would have sent to review.' })
  reviewed: number;

  @Field(() => Int, { description: 'Of these, how many were sent to review by the policies of the time.' })
  reviewedThen: number;

  @Field(() => Int, { description: 'Besides: outputs whose queue the app named. No policy decides them.' })
  named: number;

  @Field(() => DateTimeScalar, {
    description:
      'What passed before this instant is forgotten by now: of earlier days only what was reviewed is known.',
  })
  passesKeptSince: Date;

  @Field(() => [DryRunRule], { description: 'In the order of the rules; at most 100.' })
  rules: DryRunRule[];

  @Field(() => [DryRunQueue], { description: 'Those that a rule names, by key.' })
  queues: DryRunQueue[];
}
