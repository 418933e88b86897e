import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

import { Refusal } from '../errors.js';

/**
 * No @skip and @include at the root of a subscription, as the specification asks since 2025: GraphQL.js fails on one that
 * selects nothing. It throws instead of reporting, and before any operation is visited, because the library's own rule
 * for that place, which runs beside it, throws something untrue about variables.
 */
export const subscriptionRootRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Document({ definitions }) {
    for (const node of definitions) {
      const isSubscription =
        node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.SUBSCRIPTION;
      if (!isSubscription || !isConditional(node.selectionSet, context, new Set())) continue;
      const message =
        '@skip and @include are not allowed at the root of a subscription: one that selects no field tells nothing.';
      const originalError = new Refusal('INVALID_INPUT', message);
      // Apollo takes what a rule throws for a fault of the server, unless there is a status.
      throw new GraphQLError(message, { nodes: node, originalError, extensions: { http: { status: 400 } } });
    }
  },
});

function isConditional(set: SelectionSetNode, context: ValidationContext, seen: Set<string>): boolean {
  return set.selections.some((node) => {
    if (node.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include')) return true;
    if (node.kind === Kind.FIELD) return false;
    if (node.kind === Kind.INLINE_FRAGMENT) return isConditional(node.selectionSet, context, seen);
    const fragment = seen.has(node.name.value) ? null : context.getFragment(node.name.value);
    seen.add(node.name.value);
    return fragment ? isConditional(fragment.selectionSet, context, seen) : false;
  });
}
