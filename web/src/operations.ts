import { graphql } from './graphql.js';

/** An assignment with all that the page shows of it. */
export const AssignmentFields = graphql(`
  fragment AssignmentFields on Assignment @_unmask {
    id
    leaseToken
    leaseExpiresAt
    draft {
      verdict
      correctedOutput
      labels
      comment
    }
    item {
      id
      externalId
      source
      model {
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
      dueAt
      queue {
        key
        name
        instructions
        rubric {
          fields
        }
      }
    }
  }
`);

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

export const Submit = graphql(`
  mutation Submit($input: SubmitReviewInput!) {
    submitReview(input: $input) {
      review {
        id
      }
    }
  }
`);

export const QueuesQuery = graphql(`
  query Queues {
    queues {
      key
      name
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
  subscription QueueChanged($queue: String!) {
    queueChanged(queue: $queue) {
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
