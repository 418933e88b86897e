import { useState } from 'react';
import { Link } from 'wouter';

import { Evidence } from '../evidence/evidence.js';
import { WordDiff } from '../evidence/word-diff.js';
import { Shown, useReading } from '../reading.js';
import { AlikeList } from './alike-list.js';
import { Checks } from './checks.js';
import type { TabProps } from './dataset-page.js';
import { EditForm } from './edit-form.js';
import { CaseQuery, type EvalCase } from './operations.js';
import { Provenance } from './provenance.js';
import { ResultsList } from './results-list.js';
import { Revisions } from './revisions.js';
import { asText, shortHash } from './words.js';

interface CaseProps extends TabProps {
  readonly caseId: string;
  /** Null for the newest. */
  readonly revision: number | null;
}

/** A case: what went in, what came out and should have, how it is checked, and where all that is from. */
export function CasePage({ dataset: { key }, mayAct, onChange, caseId, revision }: CaseProps) {
  const reading = useReading(CaseQuery, { dataset: key, id: caseId, revision });
  const [isEditing, setEditing] = useState(false);
  return (
    <Shown reading={reading}>
      {({ evalCase, caseRevisions }) => {
        const [newest] = caseRevisions;
        if (!newest) return <p className="empty quiet">There is no such case.</p>;
        const shown = revision ?? newest.revision;
        return (
          <div className="case">
            <article aria-label="Case">
              {!evalCase && <Retracted dataset={key} caseId={caseId} revisions={caseRevisions} />}
              {evalCase && shown < newest.revision && (
                <p className="note">
                  This is revision {shown}. <Link href={`/manage/datasets/${key}/cases/${caseId}`}>See the newest</Link>
                </p>
              )}
              {evalCase && <Content evalCase={evalCase} />}
            </article>
            <aside aria-label="About this case">
              {evalCase && isEditing && (
                <EditForm
                  key={evalCase.revision}
                  dataset={key}
                  evalCase={evalCase}
                  onClose={() => setEditing(false)}
                  onSaved={async () => {
                    setEditing(false);
                    await Promise.all([reading.again(), onChange()]);
                  }}
                />
              )}
              {evalCase && !isEditing && (
                <About
                  evalCase={evalCase}
                  onEdit={mayAct && shown === newest.revision ? () => setEditing(true) : null}
                />
              )}
              <Revisions dataset={key} caseId={caseId} revisions={caseRevisions} shown={shown} />
              {evalCase && <ResultsList results={evalCase.results} />}
              {evalCase && (
                <AlikeList
                  dataset={key}
                  evalCase={evalCase}
                  mayAct={mayAct}
                  onChange={() => Promise.all([reading.again(), onChange()])}
                />
              )}
              {evalCase && <Provenance evalCase={evalCase} />}
            </aside>
          </div>
        );
      }}
    </Shown>
  );
}

function Retracted({
  dataset,
  caseId,
  revisions,
}: {
  dataset: string;
  caseId: string;
  revisions: readonly { revision: number; isRetracted: boolean }[];
}) {
  const last = revisions.find(({ isRetracted }) => !isRetracted);
  return (
    <p className="note">
      This case was taken back: its item was withdrawn or refused, contradicts another, or asked what another case asks.{' '}
      {last && <Link href={`/manage/datasets/${dataset}/cases/${caseId}/${last.revision}`}>See what it was</Link>}
    </p>
  );
}

function Content({ evalCase: { input, context, observed, expected, alternatives, verdict } }: { evalCase: EvalCase }) {
  const hasAnswer = expected !== null || verdict !== 'REJECTED';
  return (
    <>
      <section>
        <h2>Input</h2>
        <Evidence value={input} />
      </section>
      {context.length > 0 && (
        <section>
          <h2>What it had in front of it</h2>
          {context.map((passage, i) => (
            <div key={i} className="passage">
              <Evidence value={passage} />
            </div>
          ))}
        </section>
      )}
      <section className="expected">
        <h2>Expected</h2>
        {hasAnswer ? (
          <Evidence value={expected} />
        ) : (
          <p className="quiet">It was rejected, and nobody said what is right.</p>
        )}
      </section>
      {alternatives.map((value, i) => (
        <section key={i} className="expected">
          <h2>Right as well</h2>
          <Evidence value={value} />
        </section>
      ))}
      <section>
        <h2>{verdict === 'CORRECTED' ? 'Observed in production, corrected' : 'Observed in production'}</h2>
        {verdict === 'CONFIRMED' ? (
          <p className="quiet">The same: it was confirmed.</p>
        ) : expected === null ? (
          <Evidence value={observed} />
        ) : (
          <WordDiff before={asText(observed)} after={asText(expected)} />
        )}
      </section>
    </>
  );
}

function About({ evalCase, onEdit }: { evalCase: EvalCase; onEdit: (() => void) | null }) {
  const { verdict, split, tags, contentHash, assertions } = evalCase;
  return (
    <section>
      <div className="heading">
        <h2>Case</h2>
        {onEdit && (
          <button type="button" onClick={onEdit}>
            Edit
          </button>
        )}
      </div>
      <p className="facts">
        <span className={`verdict ${verdict.toLowerCase()}`}>{verdict.toLowerCase()}</span>
        <span>{split}</span>
        {tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
      </p>
      <h3>Checks</h3>
      <Checks assertions={assertions} />
      <p className="quiet">
        Content hash <code title={contentHash}>{shortHash(contentHash)}</code>
      </p>
    </section>
  );
}
