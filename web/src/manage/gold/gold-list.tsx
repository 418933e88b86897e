import { useState } from 'react';
import { Link } from 'wouter';

import { excerpt } from '../../datasets/words.js';
import { Dialog } from '../../dialog.js';
import { Evidence } from '../../evidence/evidence.js';
import { type ApiError, apiError, ask } from '../../graphql.js';
import type { RubricField } from '../../rubric/field.js';
import { Label, VERDICT_TONE } from '../reviews-side.js';
import { Trouble, When, words } from '../states.js';
import { type Gold, type GoldQueue, RetireGold } from './operations.js';

interface Props {
  gold: Gold[];
  queue: GoldQueue;
  onChange: () => Promise<void>;
}

/** Those that are mixed in, and behind them those that no longer are. */
export function GoldList({ gold, queue, onChange }: Props) {
  const [retiring, setRetiring] = useState<Gold | null>(null);
  if (gold.length === 0) {
    return (
      <p className="panel quiet">
        There are none yet. Write one, or open a resolved item and make its answer a known one.
      </p>
    );
  }
  return (
    <>
      <ul className="gold-list">
        {gold.map((one) => (
          <li key={one.id} className={one.retiredAt ? 'panel off' : 'panel'}>
            <details>
              <summary>
                <span className="what">{excerpt(one.input)}</span>
                <span className="facts">
                  <span className={VERDICT_TONE[one.verdict]}>{words(one.verdict)}</span>
                  <span className="quiet">
                    {one.answered === 0 ? 'nobody answered yet' : `${one.right} of ${one.answered} right`}
                  </span>
                  {one.retiredAt && <span className="tag">retired</span>}
                </span>
              </summary>
              <Whole gold={one} fields={queue.rubric.fields as RubricField[]} />
              {!one.retiredAt && (
                <p>
                  <button type="button" onClick={() => setRetiring(one)}>
                    Retire…
                  </button>
                </p>
              )}
            </details>
          </li>
        ))}
      </ul>
      {retiring && <RetireDialog gold={retiring} onClose={() => setRetiring(null)} onDone={onChange} />}
    </>
  );
}

function Whole({ gold, fields }: { gold: Gold; fields: RubricField[] }) {
  const labels = Object.entries(gold.labels as Record<string, unknown>);
  return (
    <div className="whole">
      <section>
        <h3>Input</h3>
        <Evidence value={gold.input} />
      </section>
      <section>
        <h3>Output</h3>
        <Evidence value={gold.output} />
      </section>
      {gold.verdict === 'CORRECTED' && (
        <section>
          <h3>Right instead</h3>
          {gold.correctedOutputs.length === 0 ? (
            <p className="quiet">Any correction.</p>
          ) : (
            gold.correctedOutputs.map((value, i) => (
              <div key={i} className="passage">
                <Evidence value={value} />
              </div>
            ))
          )}
        </section>
      )}
      {labels.length > 0 && (
        <dl className="fields">
          {labels.map(([name, value]) => {
            const field = fields.find((one) => one.name === name) ?? { name, label: name, type: 'TEXT' };
            return (
              <div key={name}>
                <dt>{field.label}</dt>
                <dd>
                  <Label field={field} value={value} output={gold.output} />
                </dd>
              </div>
            );
          })}
        </dl>
      )}
      <p className="quiet">
        Made <When at={gold.createdAt} />
        {gold.itemId && (
          <>
            {' '}
            of <Link href={`/manage/items/${gold.itemId}`}>an item</Link>
          </>
        )}
        {gold.retiredAt && (
          <>
            , retired <When at={gold.retiredAt} />
          </>
        )}
      </p>
    </div>
  );
}

function RetireDialog({ gold, onClose, onDone }: { gold: Gold; onClose: () => void; onDone: () => Promise<void> }) {
  const [error, setError] = useState<ApiError | null>(null);
  const retire = async () => {
    try {
      await ask(RetireGold, { input: { goldId: gold.id } });
      await onDone();
      onClose();
    } catch (failure) {
      setError(apiError(failure));
    }
  };
  return (
    <Dialog title="Retire this known answer" onClose={onClose}>
      {error && <Trouble error={error} />}
      <p className="quiet">Nobody is given it any more. What was answered counts on. This cannot be undone.</p>
      <div className="row">
        <button type="button" className="primary" autoFocus onClick={() => void retire()}>
          Retire
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
