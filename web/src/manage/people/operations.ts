import type { ResultOf } from 'gql.tada';

import { graphql } from '../../graphql.js';

export const PeopleQuery = graphql(`
  query People($after: Cursor) {
    page: memberList(first: 100, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          name
          role
          skills
          capacity
          createdAt
          deactivatedAt
        }
      }
    }
  }
`);

/** Newest first: all that an admin may see, what acts for one member, or one's own. */
export const KeysQuery = graphql(`
  query Keys($memberId: ID, $after: Cursor) {
    page: accessKeyList(memberId: $memberId, first: 100, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          kind
          name
          scopes
          memberId
          member {
            name
          }
          createdAt
          createdBy
          expiresAt
          lastUsedAt
          isCurrent
        }
      }
    }
  }
`);

export type Person = ResultOf<typeof PeopleQuery>['page']['edges'][number]['node'];
export type Key = ResultOf<typeof KeysQuery>['page']['edges'][number]['node'];

export const CreateMember = graphql(`
  mutation CreateMember($input: CreateMemberInput!) {
    createMember(input: $input) {
      member {
        id
      }
    }
  }
`);

export const UpdateMember = graphql(`
  mutation UpdateMember($input: UpdateMemberInput!) {
    updateMember(input: $input) {
      member {
        id
      }
    }
  }
`);

export const CreateSignInLink = graphql(`
  mutation CreateSignInLink($input: CreateSignInLinkInput!) {
    createSignInLink(input: $input) {
      path
    }
  }
`);

export const CreateApiKey = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      token
    }
  }
`);

export const CreateToken = graphql(`
  mutation CreateToken($input: CreatePersonalTokenInput!) {
    createPersonalToken(input: $input) {
      token
    }
  }
`);

export const RevokeKey = graphql(`
  mutation RevokeKey($input: RevokeKeyInput!) {
    revokeKey(input: $input) {
      key {
        id
      }
    }
  }
`);

export const EndSessions = graphql(`
  mutation EndSessions($input: SignOutEverywhereInput!) {
    signOutEverywhere(input: $input) {
      ended
    }
  }
`);
