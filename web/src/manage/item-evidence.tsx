import type { ReactNode } from 'react';

import { Evidence } from '../evidence/evidence.js';
import { Origin, Why } from '../review/item-facts.js';
import '../review/desk.css';
import type { Detail } from './item-detail.js';

/** What the system was asked, had in front of it and answered, and why a person looks at it. `output` shows that part in another way. */
export function ItemEvidence({ item, output }: { item: Detail; output?: ReactNode }) {
  return (
    <div className="evidence">
      <Why item={item} />
      <section aria-label="Input">
        <h2>Input</h2>
        <Evidence value={item.input} />
      </section>
      {item.context.length > 0 && (
        <section aria-label="Context">
          <h2>Context</h2>
          {item.context.map((entry, i) => (
            <div key={i} className="passage">
              <Evidence value={entry} />
            </div>
          ))}
        </section>
      )}
      <section className="output" aria-label="Output">
        <h2>Output</h2>
        {output ?? <Evidence value={item.output} />}
      </section>
      <Origin item={item} />
    </div>
  );
}
