import { ArgsType, Field, ID, Int, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsDate,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
} from 'class-validator';

import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { AgreementMetric, MeasurementScale } from './agreement.report.js';

registerEnumType(MeasurementScale, {
  name: 'MeasurementScale',
  valuesMap: {
    NOMINAL: { description: 'Answers are the same or not.' },
    ORDINAL: { description: 'Answers have an order; how far apart they are is a matter of ranks.' },
    INTERVAL: { description: 'Answers are numbers whose differences mean something.' },
  },
});

@ArgsType()
export class PeriodArgs {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Left out, 30 days before `to`.' })
  @IsOptional()
  @IsDate()
  from?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Exclusive; left out, now. At most 366 days after `from`.',
  })
  @IsOptional()
  @IsDate()
  to?: Date | null;
}

@ArgsType()
export class QueuePeriodArgs extends PeriodArgs {
  @Field(() => String, { nullable: true, description: "A queue's key; left out, all queues together." })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  queue?: string | null;
}

@ArgsType()
export class AgreementArgs extends PeriodArgs {
  @Field(() => String, { description: "A queue's key." })
  @IsString()
  @MaxLength(63)
  queue: string;

  @Field(() => String, {
    nullable: true,
    description: "A field of the queue's rubric, of a type other than TEXT; left out, the verdict.",
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  field?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "Only answers to this version of the rubric. Left out: for a field the queue's current one, for the verdict all.",
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  rubricVersion?: number | null;

  @Field(() => AgreementMetric, { nullable: true, description: 'Left out, all of them.' })
  @IsOptional()
  @IsEnum(AgreementMetric)
  metric?: AgreementMetric | null;

  @Field(() => MeasurementScale, {
    nullable: true,
    description:
      'Left out: INTERVAL for NUMBER, ORDINAL for SCALE, NOMINAL for all else. Numbers may be taken as any of the three.',
  })
  @IsOptional()
  @IsEnum(MeasurementScale)
  scale?: MeasurementScale | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Only these members' answers, 2 to 100. Cohen's kappa needs two.",
  })
  @IsOptional()
  @ArrayMinSize(2)
  @ArrayMaxSize(100)
  @IsUUID('all', { each: true })
  reviewers?: string[] | null;
}
