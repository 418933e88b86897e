import type { ResultOf } from 'gql.tada';

import { graphql } from '../../graphql.js';

export const QueueQuery = graphql(`
  query QueueSetup($key: String!, $seesMembers: Boolean!) {
    queue(key: $key) {
      key
      name
      instructions
      reviewsRequired
      leaseSeconds
      slaSeconds
      skills
      members @include(if: $seesMembers)
      separateGroups
      hidesSignals
      blind
      skipReasonRequired
      reviseWithinSeconds
      relaxSkillsAfterSeconds
      onDeadline
      rubric {
        version
        fields
      }
    }
  }
`);

export type QueueSetup = NonNullable<ResultOf<typeof QueueQuery>['queue']>;
