import { useState } from 'react';
import { Link, useLocation } from 'wouter';

import { type ApiError, apiError, ask } from '../../graphql.js';
import { Shown, useReading } from '../../reading.js';
import type { Verdict } from '../../review/answer.js';
import { Asked, type Labels, type RubricField } from '../asked.js';
import { Trouble, words } from '../states.js';
import { GoldQuery, type GoldQueue, MakeGold } from './operations.js';
import { isJson, valueOf } from './typed-value.js';

const VERDICTS: readonly Verdict[] = ['CONFIRMED', 'CORRECTED', 'REJECTED'];

/** An output that is made up, with the answer that is right. */
export function NewGold({ queueKey }: { queueKey: string }) {
  const reading = useReading(GoldQuery, { queue: queueKey });
  return <Shown reading={reading}>{({ queue }) => queue && <Form queue={queue} />}</Shown>;
}

function Form({ queue }: { queue: GoldQueue }) {
  const [, go] = useLocation();
  const [input, setInput] = useState('');
  const [output, setOutput] = useState('');
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [corrections, setCorrections] = useState<string[]>(['']);
  const [labels, setLabels] = useState<Labels>({});
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const back = `/manage/gold?queue=${queue.key}`;
  const make = async () => {
    setBusy(true);
    setError(null);
    const right = corrections.filter((text) => text.trim() !== '').map(valueOf);
    try {
      await ask(MakeGold, {
        input: {
          queue: queue.key,
          input: valueOf(input),
          output: valueOf(output),
          verdict,
          labels,
          ...(verdict === 'CORRECTED' && { correctedOutputs: right }),
        },
      });
      go(back);
    } catch (failure) {
      setError(apiError(failure));
      setBusy(false);
    }
  };
  return (
    <main className="manage gold">
      <div className="head">
        <Link href={back}>Known answers</Link>
        <h1>A known answer for {queue.name}</h1>
      </div>
      {error && <Trouble error={error} />}
      <form
        className="pile"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <section className="panel pile" aria-label="What a reviewer sees">
          <Value id="gold-input" label="What the system was asked" value={input} onChange={setInput} />
          <Value id="gold-output" label="What it answered" value={output} onChange={setOutput} />
        </section>
        <section className="panel pile" aria-label="What is right">
          <fieldset className="verdict-choice">
            <legend>The right verdict</legend>
            {VERDICTS.map((one) => (
              <label key={one} className="check-row">
                <input
                  type="radio"
                  name="verdict"
                  required
                  checked={verdict === one}
                  onChange={() => setVerdict(one)}
                />
                {words(one)}
              </label>
            ))}
          </fieldset>
          {verdict === 'CORRECTED' && (
            <>
              {corrections.map((text, place) => (
                <Value
                  key={place}
                  id={`gold-correction-${place}`}
                  label={place === 0 ? 'The right output; empty if any correction will do' : 'Right as well'}
                  value={text}
                  isOptional
                  onChange={(next) => setCorrections(corrections.with(place, next))}
                />
              ))}
              {corrections.length < 20 && corrections.at(-1)!.trim() !== '' && (
                <p>
                  <button type="button" onClick={() => setCorrections([...corrections, ''])}>
                    Another is right as well
                  </button>
                </p>
              )}
            </>
          )}
          {(queue.rubric.fields as RubricField[]).length > 0 && (
            <div>
              <p className="quiet">Questions that you leave open may be answered in any way.</p>
              <Asked
                fields={(queue.rubric.fields as RubricField[]).map((field) => ({ ...field, required: false }))}
                labels={labels}
                output={valueOf(output)}
                verdict={verdict}
                onChange={setLabels}
              />
            </div>
          )}
        </section>
        <div className="row">
          <button type="submit" className="primary" disabled={isBusy}>
            Mix it in
          </button>
          <Link href={back} className="button">
            Cancel
          </Link>
        </div>
      </form>
    </main>
  );
}

interface ValueProps {
  id: string;
  label: string;
  value: string;
  isOptional?: boolean;
  onChange: (value: string) => void;
}

function Value({ id, label, value, isOptional = false, onChange }: ValueProps) {
  return (
    <div className="labelled">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={4}
        dir="auto"
        required={!isOptional}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      <span role="status">{isJson(value) && 'Taken as JSON.'}</span>
    </div>
  );
}
