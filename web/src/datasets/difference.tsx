import { WordDiff } from '../evidence/word-diff.js';
import { asText } from './words.js';

interface Compared {
  readonly input: unknown;
  readonly expected: unknown;
  readonly alternatives: readonly unknown[];
  readonly assertions: unknown;
  readonly tags: readonly string[];
}

const PARTS = {
  input: 'Input',
  expected: 'Expected',
  alternatives: 'Right as well',
  assertions: 'Checks',
  tags: 'Tags',
} as const;
type Part = keyof typeof PARTS;

/** What differs between two states of a case, part by part; one that is not there is nothing. */
export function Difference({ before, after }: { before: Compared | null; after: Compared | null }) {
  const parts = (Object.keys(PARTS) as Part[])
    .map((part) => ({ part, was: textOf(before, part), is: textOf(after, part) }))
    .filter(({ was, is }) => was !== is);
  if (parts.length === 0) return <p className="quiet">Only where it is from: the provenance.</p>;
  return (
    <div className="difference">
      {parts.map(({ part, was, is }) => (
        <section key={part}>
          <h3>{PARTS[part]}</h3>
          <WordDiff before={was} after={is} />
        </section>
      ))}
    </div>
  );
}

function textOf(state: Compared | null, part: Part): string {
  if (!state) return '';
  if (part === 'tags') return state.tags.join(', ');
  if (part === 'alternatives') return state.alternatives.map(asText).join('\n\n');
  const value = state[part];
  return part === 'expected' && value === null ? '' : asText(value);
}
