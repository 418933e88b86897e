import { Pieces } from '../evidence/text.js';
import { asText } from './words.js';

export interface Check {
  readonly kind: string;
  readonly value?: unknown;
  readonly threshold?: number;
  readonly weight?: number;
}

export const CHECK_KINDS = {
  EXACT: 'is exactly',
  JSON_EQUAL: 'equals as JSON',
  CONTAINS: 'contains',
  NOT_CONTAINS: 'does not contain',
  REGEX: 'matches the regular expression',
  CHOICE: 'is one of',
  RUBRIC: 'is judged by',
} as const;
export type CheckKind = keyof typeof CHECK_KINDS;

export function kindOf({ kind }: Check): CheckKind {
  const upper = kind.toUpperCase();
  return upper in CHECK_KINDS ? (upper as CheckKind) : 'EXACT';
}

/** How a suite tells right from wrong, in words. */
export function Checks({ assertions }: { assertions: unknown }) {
  const checks = assertions as readonly Check[];
  if (checks.length === 0) return <p className="quiet">None: there is nothing to compare with.</p>;
  return (
    <ul className="checks">
      {checks.map((check, i) => (
        <li key={i}>
          The output {CHECK_KINDS[kindOf(check)]}{' '}
          {check.value === undefined ? (
            'what is expected, or one of the alternatives'
          ) : (
            <code>
              <Pieces text={asText(check.value)} />
            </code>
          )}
          {check.weight !== undefined && check.weight !== 1 && <span className="quiet"> (weight {check.weight})</span>}
        </li>
      ))}
    </ul>
  );
}
