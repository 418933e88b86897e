import {
  type DocumentNode,
  execute,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  print,
  visit,
} from 'graphql';

import type { Viewer } from '../access/viewer.js';
import type { RequestContext } from './context.js';
import type { RequestFaults } from './request.faults.js';

/** One subscription as a socket asked for it, checked. */
export interface LiveOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  /** Equal for operations that answer the same to the same viewer. */
  readonly key: string;
  readonly requestId: string;
}

/**
 * Subscribers who ask the same thing share the work: an event is executed and printed once for all of them.
 *
 * The log hands the same event object to every stream that is live, so results are kept by that object and vanish with
 * it; who replays reads events of their own and shares nothing. Two operations are the same when document, operation
 * name and variables are (where to start from, `after`, does not count) and their viewers are of one class: the same
 * member, or keys of one project with the same scopes. So a field below a subscription may depend on the member, the
 * role and the scopes of its viewer and on nothing else of them.
 *
 * Known limit: a result may be as old as the oldest subscriber's reading of the event, which backpressure bounds.
 */
export class SharedExecution {
  private readonly printed = new WeakMap<object, Map<string, Promise<string>>>();

  constructor(private readonly faults: RequestFaults) {}

  /** The payload of a `next` message, printed. */
  resultOf(operation: LiveOperation, event: unknown, viewer: Viewer): Promise<string> {
    if (typeof event !== 'object' || event === null) return this.execute(operation, event, viewer);
    const results = this.printed.get(event) ?? new Map<string, Promise<string>>();
    this.printed.set(event, results);
    const key = `${classOf(viewer)} ${operation.key}`;
    const result = results.get(key) ?? this.execute(operation, event, viewer);
    results.set(key, result);
    return result;
  }

  private async execute(operation: LiveOperation, event: unknown, viewer: Viewer): Promise<string> {
    const { requestId } = operation;
    const contextValue: RequestContext = { viewer, requestId, loaders: new Map() };
    const { data, errors } = await execute({
      schema: operation.schema,
      document: operation.document,
      operationName: operation.operation.name?.value,
      variableValues: operation.variables,
      rootValue: event,
      contextValue,
    });
    return JSON.stringify({
      ...(errors && { errors: errors.map((error) => this.faults.format(error, requestId)) }),
      data,
    });
  }
}

function classOf({ projectId, member, scopes }: Viewer): string {
  if (!member) return `${projectId} keys ${[...scopes].sort().join(',')}`;
  return `${projectId} member ${member.id} ${member.role} ${[...member.skills].sort().join(',')}`;
}

export function operationKey(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | undefined,
): string {
  const start = startVariable(document, operation);
  const counted = Object.entries(variables ?? {})
    .filter(([name]) => name !== start)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([operation.name?.value ?? '', counted, document.loc?.source.body ?? print(document)]);
}

/** The variable that is the stream's `after` and nothing else. */
function startVariable(document: DocumentNode, { selectionSet }: OperationDefinitionNode): string | undefined {
  const [field] = selectionSet.selections;
  if (field?.kind !== Kind.FIELD) return undefined;
  const value = field.arguments?.find((it) => it.name.value === 'after')?.value;
  if (value?.kind !== Kind.VARIABLE) return undefined;
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void (uses += name.value === value.name.value ? 1 : 0),
  });
  return uses === 1 ? value.name.value : undefined;
}
