import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';

export enum AgreementMetric {
  KRIPPENDORFF_ALPHA = 'KRIPPENDORFF_ALPHA',
  COHEN_KAPPA = 'COHEN_KAPPA',
  WEIGHTED_KAPPA = 'WEIGHTED_KAPPA',
  FLEISS_KAPPA = 'FLEISS_KAPPA',
  PERCENT = 'PERCENT',
}
registerEnumType(AgreementMetric, {
  name: 'AgreementMetric',
  valuesMap: {
    KRIPPENDORFF_ALPHA: {
      description:
        "Krippendorff's alpha (2011): any number of reviewers, not all of whom need to have answered, on the report's " +
        'scale. 1 is perfect, 0 what chance gives. Take this one unless there is a reason for another.',
    },
    COHEN_KAPPA: { description: "Cohen's kappa (1960): exactly two reviewers, answers the same or not." },
    WEIGHTED_KAPPA: {
      description: "Cohen's weighted kappa (1968) with squared differences as weights: exactly two reviewers, numbers.",
    },
    FLEISS_KAPPA: { description: "Fleiss' kappa (1971): equally many reviews of each item, answers the same or not." },
    PERCENT: {
      description: 'The share of pairs of reviewers with the same answer; agreement by chance is not taken off.',
    },
  },
});

export enum MeasurementScale {
  NOMINAL = 'NOMINAL',
  ORDINAL = 'ORDINAL',
  INTERVAL = 'INTERVAL',
}

export enum AgreementUndefined {
  NO_PAIRS = 'NO_PAIRS',
  NO_VARIATION = 'NO_VARIATION',
  NOT_TWO_RATERS = 'NOT_TWO_RATERS',
  UNEQUAL_RATINGS = 'UNEQUAL_RATINGS',
  NOT_NUMERIC = 'NOT_NUMERIC',
}
registerEnumType(AgreementUndefined, {
  name: 'AgreementUndefined',
  description: 'Why a coefficient has no value.',
  valuesMap: {
    NO_PAIRS: { description: 'No item has two answers.' },
    NO_VARIATION: { description: 'Everybody always gave one and the same answer, so chance would agree as well.' },
    NOT_TWO_RATERS: { description: 'There are not exactly two reviewers; `reviewers` picks two.' },
    UNEQUAL_RATINGS: { description: 'Some items have more answers than others.' },
    NOT_NUMERIC: { description: 'The answers are no numbers.' },
  },
});

@ObjectType({
  description:
    '95 % by the percentile bootstrap: items are drawn again with replacement, with a fixed seed, so the same answers ' +
    'give the same interval. Too narrow for fewer than about 20 items.',
})
@AllowInherited()
export class AgreementInterval {
  @Field(() => Float)
  low: number;

  @Field(() => Float)
  high: number;

  @Field(() => Int, { description: 'How many resamples it is made of: 1,000, fewer from 2,000 items on.' })
  resamples: number;
}

@ObjectType()
@AllowInherited()
export class AgreementCoefficient {
  @Field(() => AgreementMetric)
  metric: AgreementMetric;

  @Field(() => Float, { nullable: true, description: 'At most 1; null where it is undefined.' })
  value: number | null;

  @Field(() => AgreementUndefined, { nullable: true, description: 'Why `value` is null.' })
  undefinedBecause: AgreementUndefined | null;

  @Field(() => AgreementInterval, {
    nullable: true,
    description: 'Null of a single item, and where most resamples leave it undefined.',
  })
  interval: AgreementInterval | null;
}

@ObjectType({ description: "How far the reviewers of a queue agree, by each reviewer's first answer to an item." })
@AllowInherited()
export class AgreementReport {
  @Field(() => DateTimeScalar)
  from: Date;

  @Field(() => DateTimeScalar)
  to: Date;

  @Field(() => MeasurementScale)
  scale: MeasurementScale;

  @Field(() => Int, { nullable: true, description: 'Null: all versions.' })
  rubricVersion: number | null;

  @Field(() => Int, {
    description: 'Items with at least two answers, which is what the coefficients are computed from.',
  })
  items: number;

  @Field(() => Int)
  answers: number;

  @Field(() => Int, { description: 'Different people who gave them.' })
  reviewers: number;

  @Field(() => Boolean, { description: 'False: the period has more than 20,000 such items, and the latest were used.' })
  isComplete: boolean;

  @Field(() => [AgreementCoefficient])
  coefficients: AgreementCoefficient[];
}
