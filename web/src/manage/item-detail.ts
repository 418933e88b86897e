import type { ResultOf } from 'gql.tada';

import { graphql } from '../graphql.js';

/** An item with all that a manager sees of it. */
export const ItemDetail = graphql(`
  fragment ItemDetail on ReviewItem @_unmask {
    id
    externalId
    source
    status
    priority
    risk
    confidence
    reasons
    tags
    rule
    policyVersion
    metadata
    dueAt
    timeLeft {
      seconds
      asOf
    }
    createdAt
    reviewsRequired
    groupKey
    traceId
    input
    output
    context
    signals {
      name
      value
    }
    model {
      name
      version
    }
    prompt {
      name
      version
    }
    queue {
      key
      name
      instructions
      opening {
        isOpen
        changesAt
      }
      rubric {
        version
        fields
      }
    }
    isUndecidable
    escalations {
      note
      escalatedAt
      by {
        id
        name
      }
    }
    liveAssignments {
      id
      memberId
      memberName
      leaseExpiresAt
    }
    resolution {
      verdict
      output
      labels
      by
      comment
      resolvedAt
      decidedBy {
        id
        name
      }
      agreement {
        metric
        value
      }
    }
    reviews {
      id
      verdict
      correctedOutput
      labels
      comment
      durationMs
      supersedes
      submittedAt
      rubricVersion
      reviewer {
        id
        name
      }
      rubric {
        version
        fields
      }
    }
  }
`);

export type Detail = ResultOf<typeof ItemDetail>;
export type DetailReview = Detail['reviews'][number];

/** The answers as they stand: what was revised is left out. */
export function latestReviews({ reviews }: Detail): DetailReview[] {
  const revised = new Set(reviews.map(({ supersedes }) => supersedes));
  return reviews.filter(({ id }) => !revised.has(id));
}
