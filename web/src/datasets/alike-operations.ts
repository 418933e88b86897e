import type { ResultOf } from 'gql.tada';

import { graphql } from '../graphql.js';

const AlikeCase = graphql(`
  fragment AlikeCase on EvalCase @_unmask {
    id
    revision
    input
    expected
    verdict
    tags
    item {
      id
      externalId
      createdAt
    }
  }
`);
export type AlikeCase = ResultOf<typeof AlikeCase>;

export const AlikeQuery = graphql(
  `
    query Alike($dataset: String!, $after: Cursor) {
      dataset(key: $dataset) {
        nearIdentical(first: 10, after: $after) {
          edges {
            node {
              id
              similarity
              older {
                ...AlikeCase
              }
              newer {
                ...AlikeCase
              }
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [AlikeCase],
);
export type Pair = NonNullable<ResultOf<typeof AlikeQuery>['dataset']>['nearIdentical']['edges'][number]['node'];

export const MarkDistinct = graphql(`
  mutation MarkDistinct($input: MarkDistinctInput!) {
    markDistinct(input: $input) {
      pair {
        id
      }
    }
  }
`);

export const RetractCase = graphql(`
  mutation RetractCase($input: RetractCaseInput!) {
    retractCase(input: $input) {
      evalCase {
        id
      }
    }
  }
`);
