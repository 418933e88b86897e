import { useEffect, useState } from 'react';
import { Link } from 'wouter';

import { Pieces } from '../evidence/text.js';
import type { TabProps } from './dataset-page.js';
import { CasesQuery, type CaseRow } from './operations.js';
import { PageEnd } from './page-end.js';
import { usePages } from './paged.js';
import { excerpt } from './words.js';

const VERDICTS = ['CONFIRMED', 'CORRECTED', 'REJECTED'] as const;
const SPLITS = ['train', 'validation', 'test'] as const;

/** The cases as they are, and a search over everything that is in them. */
export function CasesTab({ dataset: { key } }: TabProps) {
  const [text, setText] = useState('');
  const [verdict, setVerdict] = useState<(typeof VERDICTS)[number] | null>(null);
  const [split, setSplit] = useState<(typeof SPLITS)[number] | null>(null);
  const asked = useSettled(text.trim());
  const isFiltered = asked !== '' || verdict !== null || split !== null;
  const filter = isFiltered ? { text: asked || null, verdict, split } : null;
  const list = usePages(CasesQuery, { dataset: key, filter }, (data) => data.evalCases);
  return (
    <section aria-label="Cases">
      <search className="filters">
        <label>
          <span className="sr">Search</span>
          <input
            type="search"
            placeholder="Search texts, tags, ids, models…"
            value={text}
            maxLength={200}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <Choice name="Verdict" values={VERDICTS} value={verdict} onChange={setVerdict} />
        <Choice name="Split" values={SPLITS} value={split} onChange={setSplit} />
      </search>
      <ul className="cases">
        {list.nodes?.map((one) => (
          <li key={one.id}>
            <CaseLink dataset={key} row={one} />
          </li>
        ))}
      </ul>
      <PageEnd list={list}>
        {isFiltered
          ? 'No case has that in it.'
          : 'There is no case yet. What is resolved in the queues that feed this dataset becomes one.'}
      </PageEnd>
    </section>
  );
}

function CaseLink({ dataset, row }: { dataset: string; row: CaseRow }) {
  return (
    <Link href={`/manage/datasets/${dataset}/cases/${row.id}`}>
      <span className="what" dir="auto">
        <Pieces text={excerpt(row.input)} />
      </span>
      <span className="then quiet" dir="auto">
        {row.verdict === 'REJECTED' && row.expected === null ? (
          'No right answer given'
        ) : (
          <Pieces text={excerpt(row.expected)} />
        )}
      </span>
      <span className="facts">
        <span className={`verdict ${row.verdict.toLowerCase()}`}>{row.verdict.toLowerCase()}</span>
        <span>{row.split}</span>
        {row.revision > 1 && <span>revision {row.revision}</span>}
        {row.tags.slice(0, 4).map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        {row.tags.length > 4 && <span>+{row.tags.length - 4}</span>}
      </span>
    </Link>
  );
}

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly values: readonly Value[];
  readonly value: Value | null;
  readonly onChange: (value: Value | null) => void;
}

function Choice<Value extends string>({ name, values, value, onChange }: ChoiceProps<Value>) {
  return (
    <label>
      <span className="sr">{name}</span>
      <select
        value={value ?? ''}
        onChange={(event) => onChange(values.find((one) => one === event.target.value) ?? null)}
      >
        <option value="">{name}: any</option>
        {values.map((one) => (
          <option key={one} value={one}>
            {one.toLowerCase()}
          </option>
        ))}
      </select>
    </label>
  );
}

const SETTLED_MS = 250;

/** The value once nobody has typed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
