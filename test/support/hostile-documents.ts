/** Documents that ask too much, as selections for a root field `thing` whose `next` is a thing again. */

const nest = (field: string, depth: number, leaf: string) =>
  `${`${field} { `.repeat(depth)}${leaf}${' }'.repeat(depth)}`;

/** Name, document of that operation type, and what the refusal says. */
export function hostileDocuments(operation: 'query' | 'subscription', root: string): [string, string, RegExp][] {
  const ask = (selection: string, rest = '') => `${operation} { ${root} { ${selection} } } ${rest}`;
  const aliases = (count: number, field: string) =>
    Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ');
  const doubling = Array.from(
    { length: 30 },
    (_, i) => `fragment F${i} on Thing { x: next { ...F${i + 1} } y: next { ...F${i + 1} } }`,
  ).join(' ');
  return [
    ['60 levels', ask(nest('next', 60, 'number')), /levels of fields/],
    ['levels in a fragment', ask('...F', `fragment F on Thing { ${nest('next', 20, 'number')} }`), /levels of fields/],
    [
      'levels in a fragment named like introspection',
      ask('...__schema', `fragment __schema on Thing { ${nest('next', 20, 'number')} }`),
      /levels of fields/,
    ],
    ['100 aliases', ask(aliases(100, 'number')), /aliases/],
    ['200 × __typename', ask(aliases(200, '__typename')), /aliases|tokens/],
    [
      'aliases in a fragment used often',
      ask(
        ['a', 'b', 'c', 'd'].map((name) => `${name}: next { ...F }`).join(' '),
        `fragment F on Thing { ${aliases(5, 'number')} }`,
      ),
      /aliases/,
    ],
    [
      'fragments that double',
      ask('...F0', `${doubling} fragment F30 on Thing { number }`),
      /aliases|levels|selections/,
    ],
    [
      'a fragment in itself',
      ask('...F', 'fragment F on Thing { next { ...F } }'),
      /Cannot spread fragment "F" within itself/,
    ],
    [
      'fragments in a circle',
      ask('...A', 'fragment A on Thing { next { ...B } } fragment B on Thing { next { ...A } }'),
      /Cannot spread fragment/,
    ],
    ['@skip × 400', ask(`number ${'@skip(if: false) '.repeat(160)}`), /directives|tokens/],
    ['5,000 tokens', ask('number '.repeat(5_000)), /tokens/],
    ['inline fragments in each other', ask(nest('... on Thing', 240, 'number') + ' '), /tokens|levels|selections/],
    [
      'lists of lists of lists',
      ask('all(first: 100) { all(first: 100) { all(first: 100) { number } } }'),
      /The answer could hold \d+ fields/,
    ],
  ];
}
