import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/**
 * No @skip and @include at the root of a subscription, as the specification asks since 2025: GraphQL.js fails on one that
 * selects nothing. When there is one, the rest of the document is hidden from the rules that run beside this: one of the
 * library's own throws at that place, and what it says of variables is untrue.
 */
export const subscriptionRootRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Document(document): DocumentNode | undefined {
    const found = document.definitions.find(
      (node) =>
        node.kind === Kind.OPERATION_DEFINITION &&
        node.operation === OperationTypeNode.SUBSCRIPTION &&
        isConditional(node.selectionSet, context, new Set()),
    );
    if (!found) return undefined;
    const message =
      '@skip and @include are not allowed at the root of a subscription: one that selects no field tells nothing.';
    context.reportError(new GraphQLError(message, { nodes: found }));
    return { ...document, definitions: [] };
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
