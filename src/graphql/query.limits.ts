import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

import { isKeptText } from './json.exactness.js';
import { limits } from './limits.js';
import { subscriptionRootRule } from './subscription.rule.js';

/**
 * What a document asks for, counted after its fragments are spread out. Each fragment is counted once and remembered,
 * so a document that doubles itself fragment by fragment costs no more than its text. Everything counts: `__typename`
 * is a field, a fragment may call itself anything, inline fragments carry directives.
 */
interface Size {
  depth: number;
  /** Depth inside `__schema` and `__type`, which is there only when introspection is on. */
  introspectionDepth: number;
  aliases: number;
  directives: number;
  selections: number;
  rootFields: number;
}

const EMPTY: Size = { depth: 0, introspectionDepth: 0, aliases: 0, directives: 0, selections: 0, rootFields: 0 };

/** Depth, aliases, root fields, directives and selections within limits.ts. */
const sizeRule: ValidationRule = (context: ValidationContext): ASTVisitor => {
  const fragments = new Map<string, Size>();
  return {
    OperationDefinition(operation) {
      const size = sizeOf(operation.selectionSet, context, fragments);
      size.directives += operation.directives?.length ?? 0;
      for (const problem of problems(size, operation)) {
        context.reportError(new GraphQLError(problem, { nodes: operation }));
      }
      return false;
    },
  };
};

/** Text that no database column can hold. Inside JSON literals the scalar itself refuses it, with its path. */
const textRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  StringValue(node) {
    if (isKeptText(node.value)) return;
    context.reportError(new GraphQLError('Text may not contain the character U+0000.', { nodes: node }));
  },
});

/** Beyond those of the specification; the same for HTTP and WebSocket. */
export const limitRules: readonly ValidationRule[] = [subscriptionRootRule, sizeRule, textRule];

function problems(size: Size, { operation }: OperationDefinitionNode): string[] {
  const maxRootFields = operation === OperationTypeNode.MUTATION ? limits.mutationFields : limits.rootFields;
  const over = (what: string, is: number, most: number) =>
    is > most ? [`The operation has ${is} ${what}; at most ${most} are allowed.`] : [];
  return [
    ...over('levels of fields', size.depth, limits.depth),
    ...over('levels of introspection', size.introspectionDepth, limits.introspectionDepth),
    ...over('aliases', size.aliases, limits.aliases),
    ...over('directives', size.directives, limits.directives),
    ...over('selected fields', size.selections, limits.selections),
    ...over('fields at the root', size.rootFields, maxRootFields),
  ];
}

function sizeOf(set: SelectionSetNode, context: ValidationContext, fragments: Map<string, Size>): Size {
  return set.selections
    .map((selection) => sizeOfSelection(selection, context, fragments))
    .reduce(
      (sum, size) => ({
        depth: Math.max(sum.depth, size.depth),
        introspectionDepth: Math.max(sum.introspectionDepth, size.introspectionDepth),
        aliases: sum.aliases + size.aliases,
        directives: sum.directives + size.directives,
        selections: sum.selections + size.selections,
        rootFields: sum.rootFields + size.rootFields,
      }),
      { ...EMPTY },
    );
}

function sizeOfSelection(node: SelectionNode, context: ValidationContext, fragments: Map<string, Size>): Size {
  const inner = innerSize(node, context, fragments);
  const size = { ...inner, directives: inner.directives + (node.directives?.length ?? 0) };
  if (node.kind !== Kind.FIELD) return size;
  // Only a field can be introspection: a fragment of that name is a fragment.
  const isIntrospection = node.name.value === '__schema' || node.name.value === '__type';
  return {
    depth: isIntrospection ? 1 : inner.depth + 1,
    introspectionDepth: isIntrospection ? inner.depth + 1 : inner.introspectionDepth,
    aliases: inner.aliases + (node.alias ? 1 : 0),
    directives: size.directives,
    selections: inner.selections + 1,
    rootFields: 1,
  };
}

function innerSize(node: SelectionNode, context: ValidationContext, fragments: Map<string, Size>): Size {
  if (node.kind === Kind.FRAGMENT_SPREAD) return fragmentSize(context.getFragment(node.name.value), context, fragments);
  return node.selectionSet ? sizeOf(node.selectionSet, context, fragments) : EMPTY;
}

function fragmentSize(
  fragment: FragmentDefinitionNode | null | undefined,
  context: ValidationContext,
  fragments: Map<string, Size>,
): Size {
  if (!fragment) return EMPTY;
  const name = fragment.name.value;
  const known = fragments.get(name);
  if (known) return known;
  // One that contains itself counts as nothing in itself; that it does is refused by the specification's own rule.
  fragments.set(name, EMPTY);
  const size = sizeOf(fragment.selectionSet, context, fragments);
  fragments.set(name, size);
  return size;
}
