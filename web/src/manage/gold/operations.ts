import type { ResultOf } from 'gql.tada';

import { graphql } from '../../graphql.js';

export const PausesQuery = graphql(`
  query Pauses {
    log {
      end
    }
    pauses {
      pausedAt
      answered
      right
      member {
        id
        name
      }
      queue {
        key
        name
        gold {
          bar
        }
      }
    }
  }
`);
export type Pause = ResultOf<typeof PausesQuery>['pauses'][number];

export const ReviewerPaused = graphql(`
  subscription ReviewerPaused($after: Cursor) {
    reviewerPaused(after: $after) {
      cursor
      isPaused
      answered
      right
      member {
        id
        name
      }
      queue {
        key
        name
      }
    }
  }
`);

export const ResumeReviewer = graphql(`
  mutation ResumeReviewer($input: ResumeReviewerInput!) {
    resumeReviewer(input: $input) {
      member {
        id
      }
    }
  }
`);

export const GoldQuery = graphql(`
  query Gold($queue: String!) {
    queue(key: $queue) {
      key
      name
      gold {
        rate
        bar
        minimum
      }
      rubric {
        fields
      }
    }
    gold(queue: $queue) {
      id
      itemId
      input
      output
      verdict
      correctedOutputs
      labels
      createdAt
      retiredAt
      answered
      right
    }
  }
`);
export type Gold = ResultOf<typeof GoldQuery>['gold'][number];
export type GoldQueue = NonNullable<ResultOf<typeof GoldQuery>['queue']>;

export const AccuracyQuery = graphql(`
  query Accuracy($queue: String!, $from: DateTime!) {
    reviewerStats(queue: $queue, from: $from) {
      member {
        id
        name
      }
      gold {
        answered
        right
        accuracy
        low
        high
        pausedAt
      }
    }
  }
`);
export type AccuracyRow = ResultOf<typeof AccuracyQuery>['reviewerStats'][number];

export const MakeGold = graphql(`
  mutation MakeGold($input: MakeGoldInput!) {
    makeGold(input: $input) {
      gold {
        id
      }
    }
  }
`);

export const RetireGold = graphql(`
  mutation RetireGold($input: RetireGoldInput!) {
    retireGold(input: $input) {
      gold {
        id
      }
    }
  }
`);
