import type { ResultOf } from 'gql.tada';

import { graphql } from '../graphql.js';

export const CreateSnapshot = graphql(`
  mutation CreateSnapshot($input: CreateSnapshotInput!) {
    createSnapshot(input: $input) {
      isNew
      snapshot {
        version
      }
    }
  }
`);

export const DiffQuery = graphql(`
  query Diff($dataset: String!, $from: Int!, $to: Int, $change: CaseChange, $after: Cursor) {
    snapshotDiff(dataset: $dataset, from: $from, to: $to) {
      added
      changed
      retracted
      cases(first: 20, change: $change, after: $after) {
        edges {
          node {
            caseId
            change
            fromRevision
            toRevision
            before {
              input
              expected
              alternatives
              assertions
              tags
            }
            after {
              input
              expected
              alternatives
              assertions
              tags
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
`);
export type Changed = ResultOf<typeof DiffQuery>['snapshotDiff']['cases']['edges'][number]['node'];
