/** What class-validator says by itself, and what we say instead. The path stands before it. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/^must be longer than or equal to (\d+) and shorter than or equal to (\d+) characters$/, '$1 to $2 characters'],
  [/^must be longer than or equal to (\d+) characters$/, 'at least $1 characters'],
  [/^must be shorter than or equal to (\d+) characters$/, 'at most $1 characters'],
  [/^must contain at least (\d+) elements$/, 'at least $1 elements'],
  [/^must contain no more than (\d+) elements$/, 'at most $1 elements'],
  [/^must not be less than (-?[\d.]+)$/, 'at least $1'],
  [/^must not be greater than (-?[\d.]+)$/, 'at most $1'],
  [/^must be one of the following values: (.*)$/s, 'one of $1'],
  [/^must be an integer number$/, 'must be a whole number'],
  [/^must be a number conforming to the specified constraints$/, 'must be a number'],
  [/^must be a string$/, 'must be text'],
  [/^must be a boolean value$/, 'must be true or false'],
  [/^must be a Date instance$/, 'must be an instant'],
  [/^must be an array$/, 'must be a list'],
  [/^should not be (?:null or undefined|empty)$/, 'is required'],
];

/**
 * A rule's text in our words, without the name of the property, which the path before it says already: "at most 200
 * characters". What is not known here (a rule's own `message`) stays as it is, but for that name.
 */
export function constraintText(text: string, property: string): string {
  if (text === `property ${property} should not exist`) return 'is not known';
  if (text.startsWith(`nested property ${property} must be `)) return 'must be an object, or a list of them';
  const isEach = text.startsWith('each value in ');
  const bare = isEach ? text.slice('each value in '.length) : text;
  const said = bare.startsWith(`${property} `) ? bare.slice(property.length + 1) : bare;
  const [pattern, words] = TEXTS.find(([known]) => known.test(said)) ?? [];
  const ours = pattern && words ? said.replace(pattern, words).replace(/\b1 (character|element)s/, '1 $1') : said;
  return isEach ? `each ${ours}` : ours;
}
