import type { ResultOf } from 'gql.tada';

import { RunFields } from '../../datasets/operations.js';
import { graphql } from '../../graphql.js';
import { ItemDetail } from '../item-detail.js';

export const ItemQuery = graphql(
  `
    query ItemPage($id: ID!) {
      log {
        end
      }
      item(id: $id) {
        ...ItemDetail
        evalFailures(first: 20) {
          caseId
          isFixed
          run {
            ...RunFields
          }
        }
      }
    }
  `,
  [ItemDetail, RunFields],
);
export type ShownItem = NonNullable<ResultOf<typeof ItemQuery>['item']>;

export const ItemChanged = graphql(`
  subscription ItemPageChanged($id: ID!, $after: Cursor) {
    itemChanged(id: $id, after: $after) {
      cursor
      item {
        id
      }
    }
  }
`);

export const HistoryQuery = graphql(`
  query ItemHistory($itemId: ID!, $after: Cursor) {
    itemHistory(itemId: $itemId, first: 100, after: $after) {
      isComplete
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          kind
          at
          actor
          actorName
          memberName
          queueName
          data
        }
      }
    }
  }
`);

export type HistoryEvent = ResultOf<typeof HistoryQuery>['itemHistory']['edges'][number]['node'];
