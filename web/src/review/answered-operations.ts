import type { ResultOf } from 'gql.tada';

import { graphql } from '../graphql.js';
import { ItemFields } from './operations.js';

/** The newest items that somebody answered; who reviews sees the known answers among them as items like any other. */
export const AnsweredQuery = graphql(`
  query Answered($member: ID!) {
    items(first: 20, filter: { decidedBy: $member }) {
      edges {
        node {
          id
          externalId
          queue {
            name
          }
          reviews {
            verdict
            submittedAt
            supersededBy
            reviewer {
              id
            }
          }
        }
      }
    }
  }
`);
export type AnsweredItem = ResultOf<typeof AnsweredQuery>['items']['edges'][number]['node'];

export const AnsweredItemQuery = graphql(
  `
    query AnsweredItem($id: ID!) {
      item(id: $id) {
        ...ItemFields
        reviews {
          id
          verdict
          correctedOutput
          labels
          comment
          submittedAt
          supersededBy
          revising {
            until
            impossibleBecause
          }
          reviewer {
            id
          }
          rubric {
            fields
          }
        }
      }
    }
  `,
  [ItemFields],
);
export type Answered = NonNullable<ResultOf<typeof AnsweredItemQuery>['item']>;

export const Revise = graphql(`
  mutation Revise($input: ReviseReviewInput!) {
    reviseReview(input: $input) {
      review {
        id
      }
    }
  }
`);

/** A person's own answer as it stands. */
export function ownReview<Review extends { supersededBy: string | null; reviewer: { id: string } }>(
  { reviews }: { reviews: Review[] },
  member: string,
): Review | undefined {
  return reviews.find(({ supersededBy, reviewer }) => supersededBy === null && reviewer.id === member);
}
