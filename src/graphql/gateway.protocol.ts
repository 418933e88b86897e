import { Inject, Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { v4 as uuidv4 } from 'uuid';

import { CONFIG, type Config } from '../config.js';
import { Refusal } from '../errors.js';
import { Delivery, open, prepare } from './gateway.operation.js';
import type { LiveSocket } from './gateway.socket.js';
import { SocketViewers } from './gateway.viewers.js';
import { socketLimits } from './limits.js';
import { RequestFaults } from './request.faults.js';
import { type LiveOperation, SharedExecution } from './shared.execution.js';

interface Extra {
  readonly live: LiveSocket;
}

type SocketContext = Context<Record<string, unknown> | undefined, Extra>;

/** What goes through graphql-ws from the check of an operation to its start, as the context of its execution. */
interface Start {
  readonly live: LiveSocket;
  readonly id: string;
  readonly operation: LiveOperation;
}

/** What graphql-ws is to do at each step of its protocol. */
@Injectable()
export class GatewayProtocol {
  readonly server: Server<Extra>;
  private readonly shared: SharedExecution;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly schemas: GraphQLSchemaHost,
    private readonly viewers: SocketViewers,
    private readonly faults: RequestFaults,
  ) {
    this.shared = new SharedExecution(faults);
    this.server = makeServer<Record<string, unknown> | undefined, Extra>({
      connectionInitWaitTimeout: socketLimits.initMs,
      onConnect: ({ connectionParams, extra: { live } }) => this.viewers.signIn(live, connectionParams),
      onSubscribe: (context, id, payload) => this.check(context, id, payload),
      subscribe: (args) => this.start(args),
      onNext: (_, __, ___, { contextValue }, result) => this.masked(result, contextValue as Start),
      onError: (_, __, ___, errors) => errors.map((error) => this.faults.format(error)),
      onComplete: ({ extra: { live } }, id) => live.forget(id),
    });
  }

  readonly onFault = (error: unknown): void => {
    this.faults.settle(error);
  };

  private check(
    context: SocketContext,
    id: string,
    payload: SubscribePayload,
  ): ExecutionArgs | readonly GraphQLError[] {
    const requestId = uuidv4();
    try {
      if (Object.keys(context.subscriptions).length > socketLimits.operations) {
        const message = `At most ${socketLimits.operations} operations may be live on one socket.`;
        throw new Refusal('RATE_LIMITED', message, { retryAfterSeconds: 1 });
      }
      const { schema } = this.schemas;
      const prepared = prepare(schema, payload, { introspection: this.config.introspection, requestId });
      if (!('operation' in prepared)) return prepared;
      const contextValue: Start = { live: context.extra.live, id, operation: prepared };
      return { schema, document: prepared.document, contextValue, operationName: payload.operationName };
    } catch (error) {
      this.faults.settle(error, requestId);
      return [asGraphqlError(error)];
    }
  }

  private async start({ contextValue }: ExecutionArgs): Promise<ExecutionResult | AsyncIterableIterator<never>> {
    const { live, id, operation } = contextValue as Start;
    try {
      const source = await open(operation, live);
      if (!(Symbol.asyncIterator in source)) return source;
      return new Delivery(source, operation, { socket: live, id }, this.shared);
    } catch (error) {
      // Thrown further, it would close the socket, and with it the operations that are well.
      this.faults.settle(error, operation.requestId);
      return { errors: [asGraphqlError(error)] };
    }
  }

  /** Only of an operation that could not start: events are printed by SharedExecution. */
  private masked({ data, errors }: ExecutionResult, { operation: { requestId } }: Start) {
    return { ...(data !== undefined && { data }), errors: errors?.map((it) => this.faults.format(it, requestId)) };
  }
}

function asGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) });
}
