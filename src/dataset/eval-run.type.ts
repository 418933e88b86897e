import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { EvalOutcome } from './eval-run.kinds.js';

@ObjectType({ description: 'One run of a suite on a dataset, as "countersign gate --report" reported it.' })
@AllowInherited()
export class EvalRun {
  @Field(() => ID)
  id: string;

  @Field(() => String, { description: "The runner's own id; unique in a dataset." })
  runId: string;

  @Field(() => String, { description: "The dataset's key." })
  dataset: string;

  @Field(() => EvalOutcome)
  outcome: EvalOutcome;

  @Field(() => String, { nullable: true, description: 'Where the run is to be seen; http or https.' })
  url: string | null;

  @Field(() => String, { nullable: true, description: 'The commit that was tried.' })
  commit: string | null;

  @Field(() => Int, { description: 'Cases that passed.' })
  passed: number;

  @Field(() => Int)
  failed: number;

  @Field(() => Int, { description: 'Cases that were not tried as they must be: missing, errored, or otherwise.' })
  incomplete: number;

  @Field(() => Int, { description: 'Those of the incomplete that did not run.' })
  missing: number;

  @Field(() => Int, { description: 'Those of the incomplete that broke before they could be judged.' })
  errored: number;

  @Field(() => DateTimeScalar)
  reportedAt: Date;
}

@ObjectType({ description: 'How a case ended in a run.' })
@AllowInherited()
export class EvalResult {
  @Field(() => EvalRun)
  run: EvalRun;

  @Field(() => EvalOutcome)
  outcome: EvalOutcome;
}

@ObjectType({ description: 'A run in which a case that was made of the item failed.' })
@AllowInherited()
export class EvalFailure {
  @Field(() => EvalRun)
  run: EvalRun;

  @Field(() => ID)
  caseId: string;

  @Field(() => Boolean, { description: 'The case passed in a run that was reported later.' })
  isFixed: boolean;
}
