import { graphql } from '../../graphql.js';
import { ItemDetail } from '../item-detail.js';

export const DisputesQuery = graphql(`
  query Disputes($queue: String, $after: Cursor) {
    log {
      end
    }
    items(filter: { status: [NEEDS_ADJUDICATION], queue: $queue }, first: 100, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
        }
      }
    }
  }
`);

export const DisputeQuery = graphql(
  `
    query Dispute($id: ID!) {
      item(id: $id) {
        ...ItemDetail
      }
    }
  `,
  [ItemDetail],
);

export const DisputeChanged = graphql(`
  subscription DisputeChanged($queue: String, $after: Cursor) {
    itemChanged(queue: $queue, after: $after) {
      cursor
      item {
        id
        status
      }
    }
  }
`);

export const Adjudicate = graphql(`
  mutation Adjudicate($input: AdjudicateInput!) {
    adjudicate(input: $input) {
      item {
        id
      }
    }
  }
`);
