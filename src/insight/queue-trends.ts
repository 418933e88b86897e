import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { VersionRef } from '../item/version-ref.js';

const MS = 'in ms, to within 4.5 %; null without any.';

@ObjectType()
@AllowInherited()
export class QueueFlow {
  @Field(() => Int, { description: 'Items that were flagged into the queue.' })
  arrived: number;

  @Field(() => Int, { description: 'Items that got their first final answer.' })
  resolved: number;

  @Field(() => Int)
  withdrawn: number;

  @Field(() => Int, { description: 'Reviews that were submitted.' })
  reviews: number;

  @Field(() => Float, { nullable: true, description: `From arrival to the first final answer, ${MS}` })
  resolutionMedianMs: number | null;

  @Field(() => Float, { nullable: true, description: `Nine of ten items were answered sooner, ${MS}` })
  resolutionP90Ms: number | null;

  @Field(() => Float, { nullable: true, description: `From claim to submit, ${MS}` })
  reviewMedianMs: number | null;

  @Field(() => Float, { nullable: true, description: `Nine of ten reviews took less, ${MS}` })
  reviewP90Ms: number | null;
}

@ObjectType()
@AllowInherited()
export class QueueDay extends QueueFlow {
  @Field(() => DateTimeScalar, { description: 'When the day begins (UTC).' })
  day: Date;
}

@ObjectType({ description: 'What reviews found of the resolved items that arrived in a time.' })
@AllowInherited()
export class OutcomeCounts {
  @Field(() => Int)
  confirmed: number;

  @Field(() => Int)
  corrected: number;

  @Field(() => Int)
  rejected: number;

  @Field(() => Float, { nullable: true, description: 'The share of corrected ones among all, 0 to 1; null of none.' })
  correctionRate: number | null;
}

@ObjectType()
@AllowInherited()
export class OutcomeDay extends OutcomeCounts {
  @Field(() => DateTimeScalar, { description: 'When the day begins on which the items arrived (UTC).' })
  day: Date;
}

export enum VersionKind {
  MODEL = 'MODEL',
  PROMPT = 'PROMPT',
}
registerEnumType(VersionKind, { name: 'VersionKind' });

@ObjectType()
@AllowInherited()
export class VersionTrend extends OutcomeCounts {
  @Field(() => VersionKind)
  kind: VersionKind;

  @Field(() => VersionRef)
  version: VersionRef;

  @Field(() => [OutcomeDay], { description: 'Days on which nothing arrived that is resolved are left out.' })
  days: OutcomeDay[];
}

@ObjectType({
  description:
    'How a queue, or all of them together, do over whole days (UTC). The figures follow the log, which is behind the last change by some ' +
    'hundredths of a second.',
})
@AllowInherited()
export class QueueTrends extends QueueFlow {
  @Field(() => DateTimeScalar, { description: 'When the first day begins.' })
  from: Date;

  @Field(() => DateTimeScalar, { description: 'When the last day ends.' })
  to: Date;

  @Field(() => Float, {
    nullable: true,
    description:
      'Items per hour: `arrived` by the part of the period that has passed since the queue was made (the first of them), ' +
      'nights and days off included. Null while that is less than an hour.',
  })
  arrivalsPerHour: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Items per hour that got their first final answer: `resolved`, counted alike.',
  })
  resolutionsPerHour: number | null;

  @Field(() => Int, { description: 'Items without a final answer now.' })
  open: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'How long an item that arrives now waits for its final answer if what is open now is resolved at the rate of the ' +
      "period (Little's law, 1961): open / resolutionsPerHour × 3,600, in seconds. Null where nothing was resolved, and " +
      'while less than an hour has been seen.',
  })
  expectedWaitSeconds: number | null;

  @Field(() => [QueueDay], { description: 'One for each day, days without anything included; at most 367.' })
  days: QueueDay[];

  @Field(() => [VersionTrend], {
    description: 'By model and by prompt, those with the most resolved items first; at most 50 of each kind.',
  })
  versions: VersionTrend[];
}
