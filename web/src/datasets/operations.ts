import type { ResultOf } from 'gql.tada';

import { graphql } from '../graphql.js';

export const DatasetsQuery = graphql(`
  query Datasets {
    datasets {
      key
      name
      queues
      caseCount
      quarantineCount
      conflictCount
      snapshots(first: 1) {
        version
        createdAt
      }
    }
  }
`);

export const DatasetQuery = graphql(`
  query Dataset($key: String!) {
    dataset(key: $key) {
      key
      name
      queues
      caseCount
      quarantineCount
      conflictCount
      nearIdenticalCount
      split {
        train
        validation
        test
      }
      bar {
        verdicts
        minAgreement
        minReviewers
        adjudicatedPasses
      }
      snapshots(first: 100) {
        version
        hash
        caseCount
        createdAt
      }
    }
  }
`);
export type Dataset = NonNullable<ResultOf<typeof DatasetQuery>['dataset']>;

export const CasesQuery = graphql(`
  query Cases($dataset: String!, $filter: EvalCaseFilter, $after: Cursor) {
    evalCases(dataset: $dataset, filter: $filter, first: 25, after: $after) {
      edges {
        node {
          id
          revision
          verdict
          split
          tags
          input
          expected
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
export type CaseRow = ResultOf<typeof CasesQuery>['evalCases']['edges'][number]['node'];

const CaseFields = graphql(`
  fragment CaseFields on EvalCase @_unmask {
    id
    revision
    contentHash
    input
    context
    observed
    expected
    alternatives
    assertions
    verdict
    split
    tags
    provenance
    item {
      id
      externalId
      reviews {
        id
        verdict
        comment
        submittedAt
        rubricVersion
        reviewer {
          name
        }
      }
    }
  }
`);
export type EvalCase = ResultOf<typeof CaseFields>;

/** A run of a suite, as CI reported it. */
export const RunFields = graphql(`
  fragment RunFields on EvalRun @_unmask {
    id
    runId
    dataset
    commit
    url
    outcome
    passed
    failed
    incomplete
    reportedAt
  }
`);
export type Run = ResultOf<typeof RunFields>;

export const RunsQuery = graphql(
  `
    query Runs($dataset: String!) {
      dataset(key: $dataset) {
        evalRuns(first: 20) {
          ...RunFields
        }
      }
    }
  `,
  [RunFields],
);

export const CaseQuery = graphql(
  `
    query Case($dataset: String!, $id: ID!, $revision: Int) {
      evalCase(dataset: $dataset, id: $id, revision: $revision) {
        ...CaseFields
        sameInput
        nearIdentical(first: 10) {
          pairId
          similarity
          isDistinct
          evalCase {
            id
            input
          }
        }
        results(first: 10) {
          outcome
          run {
            ...RunFields
          }
        }
      }
      caseRevisions(dataset: $dataset, caseId: $id, first: 100) {
        revision
        createdAt
        isRetracted
      }
    }
  `,
  [CaseFields, RunFields],
);
export type ShownCase = NonNullable<ResultOf<typeof CaseQuery>['evalCase']>;

export const EditCase = graphql(`
  mutation EditCase($input: EditCaseInput!) {
    editCase(input: $input) {
      evalCase {
        revision
      }
    }
  }
`);

export const QuarantineQuery = graphql(`
  query Quarantine($dataset: String!, $after: Cursor) {
    quarantine(dataset: $dataset, first: 50, after: $after) {
      edges {
        node {
          verdict
          expected
          reasons
          heldAt
          item {
            id
            externalId
            input
            output
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
export type Held = ResultOf<typeof QuarantineQuery>['quarantine']['edges'][number]['node'];

export const DecideQuarantine = graphql(`
  mutation DecideQuarantine($input: DecideQuarantineInput!) {
    decideQuarantine(input: $input) {
      decided
    }
  }
`);

export const ConflictsQuery = graphql(`
  query Conflicts($dataset: String!, $after: Cursor) {
    conflicts(dataset: $dataset, first: 10, after: $after) {
      edges {
        node {
          id
          version
          size
          cases {
            verdict
            expected
            item {
              id
              externalId
              createdAt
              input
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
export type Conflict = ResultOf<typeof ConflictsQuery>['conflicts']['edges'][number]['node'];

export const ResolveConflict = graphql(`
  mutation ResolveConflict($input: ResolveConflictInput!) {
    resolveConflict(input: $input) {
      evalCase {
        id
      }
    }
  }
`);
