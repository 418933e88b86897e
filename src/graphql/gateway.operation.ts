import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';

import { Refusal } from '../errors.js';
import type { LogEvent } from '../log/event.js';
import type { RequestContext } from './context.js';
import type { LiveSocket } from './gateway.socket.js';
import { findUnkeepableButNumbers } from './json.exactness.js';
import { invalidJson } from './json.positions.js';
import { limits } from './limits.js';
import { tooCostly } from './query.cost.js';
import { limitRules } from './query.limits.js';
import { type LiveOperation, operationKey, type SharedExecution } from './shared.execution.js';

/** A subscription that may run; anything else throws a refusal, or returns what validation says. */
export function prepare(
  schema: GraphQLSchema,
  { query, operationName, variables }: SubscribePayload,
  { introspection, requestId }: { readonly introspection: boolean; readonly requestId: string },
): LiveOperation | readonly GraphQLError[] {
  const document = parse(query, { maxTokens: limits.tokens });
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Refusal('INVALID_INPUT', 'The document has no such operation; name one of those in it.');
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
    throw new Refusal('INVALID_INPUT', 'Only subscriptions go over the WebSocket; send queries and mutations by POST.');
  }
  const errors = validateFully(schema, document, introspection);
  if (errors.length > 0) return errors;
  // Numbers need no look: no argument of a subscription is JSON, and the scalar would check it by value.
  const unkeepable = findUnkeepableButNumbers(variables ?? null, ['variables']);
  if (unkeepable) throw invalidJson(unkeepable);
  const costly = tooCostly(schema, document, operation, variables);
  if (costly) throw costly;
  const given = variables ?? undefined;
  return { schema, document, operation, variables: given, requestId, key: operationKey(document, operation, given) };
}

function validateFully(schema: GraphQLSchema, document: DocumentNode, introspection: boolean): readonly GraphQLError[] {
  const closed = introspection ? [] : [NoSchemaIntrospectionCustomRule];
  return validate(schema, document, [...specifiedRules, ...limitRules, ...closed], { maxErrors: 20 });
}

/** Opens the source of a subscription: the events to tell about, or why there are none. */
export async function open(
  { schema, document, operation, variables, requestId }: LiveOperation,
  { viewer }: LiveSocket,
): Promise<AsyncIterable<unknown> | ExecutionResult> {
  const contextValue: RequestContext = { viewer, requestId, loaders: new Map() };
  return createSourceEventStream({
    schema,
    document,
    operationName: operation.name?.value,
    variableValues: variables,
    contextValue,
  });
}

/**
 * Carries a source's events to a socket: pull one, execute it, send it, and only then pull the next. So a slow client
 * slows its own reading of the log and costs no memory; one that stands still is closed by the gateway.
 *
 * It writes the messages itself, as they are printed once for many sockets, and yields nothing to graphql-ws, which
 * only sees when it ends. Written by hand because a generator that waits for an event cannot be ended.
 */
export class Delivery implements AsyncIterableIterator<never> {
  private readonly source: AsyncIterator<unknown>;
  private isEnded = false;

  constructor(
    source: AsyncIterable<unknown>,
    private readonly operation: LiveOperation,
    private readonly to: { readonly socket: LiveSocket; readonly id: string },
    private readonly shared: SharedExecution,
  ) {
    this.source = source[Symbol.asyncIterator]();
  }

  async next(): Promise<IteratorResult<never>> {
    try {
      let delivered = true;
      while (delivered) {
        const { done, value } = await this.source.next();
        delivered = !done && !this.isEnded && (await this.deliver(value));
      }
      return await this.return();
    } catch (error) {
      // Who iterates does not end what ended or failed by itself, and the source would stay open.
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<never>> {
    this.isEnded = true;
    await this.source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** False when the socket is gone, or its viewer is. */
  private async deliver(event: unknown): Promise<boolean> {
    const { socket, id } = this.to;
    const viewer = socket.currentViewer();
    if (!viewer) return false;
    const payload = await this.shared.resultOf(this.operation, event, viewer);
    // The client may have stopped, and the rights may have ended, while the event was looked up.
    if (this.isEnded || !socket.currentViewer()) return false;
    await socket.deliver(`{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`);
    if (isLogEvent(event)) socket.delivered(id, event);
    return true;
  }
}

function isLogEvent(event: unknown): event is Pick<LogEvent, 'projectId' | 'seq'> {
  return typeof event === 'object' && event !== null && 'seq' in event && 'projectId' in event;
}
