import { Evidence } from '../evidence/evidence.js';

interface Asked {
  readonly input: unknown;
  readonly context: readonly unknown[];
}

/** What the system was asked and what it was given to answer from, at the desk and where an answer is changed. */
export function InputSections({ item }: { item: Asked }) {
  return (
    <>
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
    </>
  );
}
