import canonicalizeModule from 'canonicalize';

// The package is CommonJS that exports the function itself; its types speak of a default export.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/** JSON in its one canonical form (RFC 8785); of `undefined`, the empty text, which no JSON has. */
export function canonical(value: unknown): string {
  return canonicalize(value) ?? '';
}
