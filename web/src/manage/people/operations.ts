import type { ResultOf } from 'gql.tada';

import { graphql } from '../../graphql.js';

export const PeopleQuery = graphql(`
  query People {
    members {
      id
      name
      role
      skills
      capacity
      createdAt
      deactivatedAt
    }
    accessKeys {
      id
      kind
      name
      scopes
      memberId
      createdAt
      createdBy
      expiresAt
      lastUsedAt
    }
  }
`);

export type Person = ResultOf<typeof PeopleQuery>['members'][number];
export type Key = ResultOf<typeof PeopleQuery>['accessKeys'][number];

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
