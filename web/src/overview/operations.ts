import type { ResultOf } from 'gql.tada';

import { graphql } from '../graphql.js';

/** How things stand now. */
export const StandingQuery = graphql(`
  query Standing {
    log {
      end
    }
    queues {
      key
      name
      reviewsRequired
      stats {
        open
        leased
        needsAdjudication
        overdue
        oldestOpenAt
        stuck
        undecidable
      }
    }
  }
`);
export type StandingQueue = ResultOf<typeof StandingQuery>['queues'][number];

/** How they went, by day. */
export const TrendsQuery = graphql(`
  query Trends($queue: String, $from: DateTime!) {
    queueTrends(queue: $queue, from: $from) {
      arrived
      resolved
      withdrawn
      reviews
      open
      arrivalsPerHour
      resolutionsPerHour
      expectedWaitSeconds
      resolutionMedianMs
      resolutionP90Ms
      days {
        day
        arrived
        resolved
        withdrawn
        resolutionMedianMs
        resolutionP90Ms
      }
      versions {
        kind
        version {
          name
          version
        }
        confirmed
        corrected
        rejected
        correctionRate
        days {
          day
          confirmed
          corrected
          rejected
        }
      }
    }
  }
`);
export type Trends = ResultOf<typeof TrendsQuery>['queueTrends'];
export type Version = Trends['versions'][number];

export const ReviewersQuery = graphql(`
  query Reviewers($queue: String, $from: DateTime!) {
    reviewerStats(queue: $queue, from: $from) {
      member {
        id
        name
      }
      reviews
      medianMs
      skipped
      expired
      released
      peerAgreement {
        value
        compared
      }
      resolutionAgreement {
        value
        compared
      }
      gold {
        answered
        right
        pausedAt
      }
    }
  }
`);
export type ReviewerRow = ResultOf<typeof ReviewersQuery>['reviewerStats'][number];

export const AgreementQuery = graphql(`
  query Agreement($queue: String!, $from: DateTime!) {
    agreement(queue: $queue, from: $from, metric: KRIPPENDORFF_ALPHA) {
      items
      coefficients {
        value
        undefinedBecause
        interval {
          low
          high
        }
      }
    }
  }
`);

/** Only that something happened: what changed is read together, and not more often than people can look. */
export const SomethingChanged = graphql(`
  subscription SomethingChanged($queue: String!, $after: Cursor) {
    queueChanged(queue: $queue, after: $after) {
      cursor
    }
  }
`);
