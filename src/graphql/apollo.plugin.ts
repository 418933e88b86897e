import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import { GraphQLError, type OperationDefinitionNode, OperationTypeNode } from 'graphql';

import { Refusal } from '../errors.js';
import type { RequestContext } from './context.js';
import { retryAfterOf } from './error.http.js';
import { unkeptJson } from './json.positions.js';
import { tooCostly } from './query.cost.js';
import { setRowsAside } from './refused.rows.js';
import type { RequestFaults } from './request.faults.js';

/** What needs the whole request: limits that depend on variables, faults that are logged with their request's id. */
export function requestPlugin(faults: RequestFaults): ApolloServerPlugin<RequestContext> {
  return {
    // oxlint-disable-next-line require-await -- Apollo awaits it
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation) return;
          setRowsAside(schema, operation, request.variables);
          const refusal =
            liveByPost(operation) ??
            unkeptJson(schema, operation, request.variables) ??
            tooCostly(schema, document, operation, request.variables);
          // Without a status Apollo takes a plugin's error for a fault of the server.
          if (refusal) throw new GraphQLError('', { originalError: refusal, extensions: { http: { status: 400 } } });
        },
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) faults.settle(error, contextValue.requestId);
        },
        async willSendResponse({ response }) {
          response.http.headers.set('cache-control', 'no-store');
          const retryAfter = retryAfterIn(response);
          if (retryAfter) response.http.headers.set('retry-after', retryAfter);
        },
      };
    },
  };
}

/** The mirror of what the WebSocket says of queries. Executed here, a subscription would be a fault of ours. */
function liveByPost({ operation }: OperationDefinitionNode): Refusal | null {
  if (operation !== OperationTypeNode.SUBSCRIPTION) return null;
  return new Refusal('INVALID_INPUT', 'Subscriptions go over the WebSocket at /graphql (graphql-transport-ws).');
}

/** The header tells when to come back also where the status has to stay 200. */
function retryAfterIn({ body }: GraphQLRequestContext<RequestContext>['response']): string | undefined {
  const errors = body?.kind === 'single' ? (body.singleResult.errors ?? []) : [];
  const waits = errors.map(({ extensions = {} }) => Number(retryAfterOf(extensions) ?? 0));
  const longest = Math.max(0, ...waits);
  return longest > 0 ? String(longest) : undefined;
}
