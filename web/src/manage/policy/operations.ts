import type { ResultOf } from 'gql.tada';

import { graphql } from '../../graphql.js';

export const PoliciesQuery = graphql(`
  query Policies {
    policies(first: 50) {
      version
      rules
      createdAt
      createdBy
    }
  }
`);

export type Policy = ResultOf<typeof PoliciesQuery>['policies'][number];

export const DryRunQuery = graphql(`
  query PolicyDryRun($input: PolicyDryRunInput!) {
    policyDryRun(input: $input) {
      sampleRate
      sampled
      outputs
      reviewed
      reviewedThen
      named
      passesKeptSince
      from
      rules {
        name
        decision
        queue
        outputs
        broken
        days {
          day
          outputs
        }
      }
      queues {
        key
        outputs
        reviewsEach
        reviewMedianMs
        reviewsMeasured
        reviewHours
      }
    }
  }
`);

export type DryRun = ResultOf<typeof DryRunQuery>['policyDryRun'];
