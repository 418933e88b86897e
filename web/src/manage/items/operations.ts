import type { ResultOf } from 'gql.tada';

import { graphql } from '../../graphql.js';

const RowFields = graphql(`
  fragment RowFields on ReviewItem @_unmask {
    id
    externalId
    source
    status
    priority
    risk
    dueAt
    createdAt
    queue {
      key
      name
    }
    liveAssignments {
      id
      memberId
      memberName
    }
    resolution {
      verdict
      resolvedAt
    }
    evalFailures(first: 5) {
      isFixed
    }
  }
`);

export const ItemsQuery = graphql(
  `
    query Items($filter: ItemFilter, $after: Cursor) {
      log {
        end
      }
      items(filter: $filter, first: 50, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          excerpt {
            part
            before
            match
            after
          }
          node {
            ...RowFields
          }
        }
      }
    }
  `,
  [RowFields],
);

type Edge = ResultOf<typeof ItemsQuery>['items']['edges'][number];
/** An item of the list, and where the text that was looked for stands in it. */
export type Row = Edge['node'] & Pick<Edge, 'excerpt'>;

export const RowsChanged = graphql(
  `
    subscription RowsChanged($queue: String, $after: Cursor) {
      itemChanged(queue: $queue, after: $after) {
        cursor
        item {
          ...RowFields
        }
      }
    }
  `,
  [RowFields],
);

export const ChoicesQuery = graphql(`
  query ItemChoices {
    queues {
      key
      name
    }
  }
`);

export const MembersQuery = graphql(`
  query ItemMembers {
    members {
      id
      name
      role
      deactivatedAt
    }
  }
`);

export const AssignItem = graphql(`
  mutation AssignItem($input: AssignItemInput!) {
    assignItem(input: $input) {
      item {
        id
      }
    }
  }
`);

export const Unassign = graphql(`
  mutation Unassign($input: UnassignInput!) {
    unassign(input: $input) {
      item {
        id
      }
    }
  }
`);

const BulkFields = graphql(`
  fragment BulkFields on BulkPayload @_unmask {
    matched
    changed
    skipped
    stayed {
      reason
      memberName
      count
    }
  }
`);
export type Bulk = ResultOf<typeof BulkFields>;

export const MoveItems = graphql(
  `
    mutation MoveItems($input: MoveItemsInput!) {
      bulk: moveItems(input: $input) {
        ...BulkFields
      }
    }
  `,
  [BulkFields],
);

export const BumpItems = graphql(
  `
    mutation BumpItems($input: BumpItemsInput!) {
      bulk: bumpItems(input: $input) {
        ...BulkFields
      }
    }
  `,
  [BulkFields],
);

export const WithdrawItems = graphql(
  `
    mutation WithdrawItems($input: WithdrawItemsInput!) {
      bulk: withdrawItems(input: $input) {
        ...BulkFields
      }
    }
  `,
  [BulkFields],
);

export const AssignItems = graphql(
  `
    mutation AssignItems($input: AssignItemsInput!) {
      bulk: assignItems(input: $input) {
        ...BulkFields
      }
    }
  `,
  [BulkFields],
);

export const UnassignItems = graphql(
  `
    mutation UnassignItems($input: UnassignItemsInput!) {
      bulk: unassignItems(input: $input) {
        ...BulkFields
      }
    }
  `,
  [BulkFields],
);
