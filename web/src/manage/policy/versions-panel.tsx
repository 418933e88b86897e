import { useState } from 'react';

import { WordDiff } from '../../evidence/word-diff.js';
import { When } from '../states.js';
import type { Policy } from './operations.js';
import { type Rule, textOfRules } from './rules.js';

interface Props {
  policies: Policy[];
  nameOf: (actor: string) => string;
  /** Null for whoever only looks on. */
  onRestore: ((rules: Rule[]) => void) | null;
}

/** Every version there was: who made it, what it changed, and the way back to it. */
export function VersionsPanel({ policies, nameOf, onRestore }: Props) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <section className="panel" aria-labelledby="versions-title">
      <h2 id="versions-title">Versions</h2>
      <ol className="versions">
        {policies.map((policy, i) => {
          const before = policies[i + 1];
          const isOpen = open === policy.version;
          return (
            <li key={policy.version}>
              <div className="row">
                <strong>Version {policy.version}</strong>
                {i === 0 && <span className="tag good">active</span>}
                <span className="quiet">
                  <When at={policy.createdAt} /> by {nameOf(policy.createdBy)}
                </span>
                <span className="grow" />
                <button
                  type="button"
                  className="link"
                  aria-expanded={isOpen}
                  onClick={() => setOpen(isOpen ? null : policy.version)}
                >
                  What it changed
                </button>
                {i > 0 && onRestore && (
                  <button type="button" className="link" onClick={() => onRestore(policy.rules as Rule[])}>
                    Take up again
                  </button>
                )}
              </div>
              {isOpen && (
                <WordDiff
                  before={before ? textOfRules(before.rules as Rule[]) : ''}
                  after={textOfRules(policy.rules as Rule[])}
                />
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
