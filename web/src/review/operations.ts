import type { ResultOf } from 'gql.tada';

import { graphql } from '../graphql.js';

/** What a reviewer sees of an item. */
export const ItemFields = graphql(`
  fragment ItemFields on ReviewItem @_unmask {
    id
    externalId
    source
    model {
      name
      version
    }
    prompt {
      name
      version
    }
    input
    output
    context
    confidence
    risk
    reasons
    signals {
      name
      value
    }
    tags
    rule
    metadata
    dueAt
    timeLeft {
      seconds
      asOf
    }
    queue {
      key
      opening {
        isOpen
        changesAt
      }
      name
      instructions
      leaseSeconds
      skipReasonRequired
    }
  }
`);

/** An assignment with all that the page shows of it. */
const AssignmentFields = graphql(
  `
    fragment AssignmentFields on Assignment @_unmask {
      id
      leaseToken
      leaseExpiresAt
      rubric {
        fields
      }
      draft {
        verdict
        correctedOutput
        labels
        comment
        savedAt
      }
      item {
        ...ItemFields
      }
    }
  `,
  [ItemFields],
);

export type Assignment = ResultOf<typeof AssignmentFields>;

export const AssignmentsQuery = graphql(
  `
    query Assignments {
      assignments {
        ...AssignmentFields
      }
    }
  `,
  [AssignmentFields],
);

export const ClaimNext = graphql(
  `
    mutation ClaimNext($input: ClaimNextInput!) {
      claimNext(input: $input) {
        emptyReason
        nextAvailableAt
        assignments {
          ...AssignmentFields
        }
      }
    }
  `,
  [AssignmentFields],
);

export const RenewLease = graphql(`
  mutation RenewLease($input: LeaseInput!) {
    renewLease(input: $input) {
      assignment {
        leaseExpiresAt
      }
    }
  }
`);

export const SaveDraft = graphql(`
  mutation SaveDraft($input: SaveDraftInput!) {
    saveDraft(input: $input) {
      assignment {
        id
      }
    }
  }
`);

export const Release = graphql(`
  mutation Release($input: ReleaseInput!) {
    releaseAssignment(input: $input) {
      assignment {
        id
      }
    }
  }
`);

export const Escalate = graphql(`
  mutation Escalate($input: EscalateInput!) {
    escalate(input: $input) {
      item {
        id
      }
    }
  }
`);

export const Submit = graphql(`
  mutation Submit($input: SubmitReviewInput!) {
    submitReview(input: $input) {
      review {
        id
      }
    }
  }
`);

export const AssignmentChanged = graphql(`
  subscription AssignmentChanged($after: Cursor) {
    assignmentChanged(after: $after) {
      cursor
      isGiven
      assignment {
        id
        status
      }
    }
  }
`);

export type AssignmentEvent = ResultOf<typeof AssignmentChanged>['assignmentChanged'];

export const BeThere = graphql(`
  subscription BeThere($accept: AcceptInput!, $after: Cursor) {
    assignmentChanged(accept: $accept, after: $after) {
      cursor
    }
  }
`);

export const QueuesQuery = graphql(`
  query Queues {
    queues {
      key
      name
      reviewsRequired
      stats {
        open
        leased
        resolved
        overdue
      }
    }
  }
`);

export const QueueChanged = graphql(`
  subscription QueueChanged($queue: String!, $after: Cursor) {
    queueChanged(queue: $queue, after: $after) {
      cursor
      queue {
        key
        stats {
          open
          leased
          resolved
          overdue
        }
      }
    }
  }
`);
