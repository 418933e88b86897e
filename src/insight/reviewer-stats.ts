import { Field, Float, Int, ObjectType } from '@nestjs/graphql';

import { Member } from '../access/member.entity.js';
import { AllowInherited } from '../access/allow.js';

@ObjectType()
@AllowInherited()
export class AgreementShare {
  @Field(() => Float, { nullable: true, description: '0 to 1; null while there is nothing to compare.' })
  value: number | null;

  @Field(() => Int, { description: 'How many comparisons it is made of.' })
  compared: number;
}

@ObjectType({
  description:
    "One member's work in one queue or in all, by day (UTC). The figures follow the log, which is behind the last change by some " +
    'hundredths of a second.',
})
@AllowInherited()
export class ReviewerStats {
  @Field(() => Member)
  member: Member;

  @Field(() => Int, { description: 'Reviews that were submitted, revisions of them not counted.' })
  reviews: number;

  @Field(() => Int, {
    nullable: true,
    description: 'From claim to submit, in ms, to within 4.5 %; null without reviews.',
  })
  medianMs: number | null;

  @Field(() => Int, { nullable: true, description: 'Nine of ten reviews took less, in ms, to within 4.5 %.' })
  p90Ms: number | null;

  @Field(() => AgreementShare, {
    description:
      'Of the pairs of a review of theirs with that of another person of the same, resolved item: how many give the ' +
      'same verdict.',
  })
  peerAgreement: AgreementShare;

  @Field(() => AgreementShare, {
    description: "Of their reviews of resolved items: how many give the item's final verdict.",
  })
  resolutionAgreement: AgreementShare;

  @Field(() => Int, { description: 'Items that they did not want to answer.' })
  skipped: number;

  @Field(() => Int, { description: 'Leases that ran out.' })
  expired: number;

  @Field(() => Int, { description: 'Leases that they gave back.' })
  released: number;
}
