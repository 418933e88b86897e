import type { ResultOf } from 'gql.tada';

import { graphql } from '../../graphql.js';

export const QueueQuery = graphql(`
  query QueueSetup($key: String!, $manages: Boolean!) {
    queue(key: $key) {
      key
      name
      instructions
      reviewsRequired
      reviewsMax
      agreementBar
      leaseSeconds
      slaSeconds
      skills
      members @include(if: $manages)
      separateGroups
      hidesSignals
      blind
      skipReasonRequired
      reviseWithinSeconds
      relaxSkillsAfterSeconds
      hours
      deadlineSteps
      onDeadline
      onDeadlineAfterSeconds
      gold @include(if: $manages) {
        rate
        bar
        minimum
      }
      rubric {
        version
        fields
      }
    }
  }
`);

export type QueueSetup = NonNullable<ResultOf<typeof QueueQuery>['queue']>;
