import type { Fault } from '../use-plan.js';
import type { RuleDraft } from './rules.js';

interface Props {
  drafts: readonly RuleDraft[];
  faults: readonly Fault[];
}

/** Which rules something is wrong with, and the way to the very place. */
export function ToPutRight({ drafts, faults }: Props) {
  const places = [...new Set(faults.map(({ path }) => path[1]).filter((place) => typeof place === 'number'))];
  if (places.length === 0) return <>There is something to put right.</>;
  return (
    <>
      To put right:{' '}
      {places.map((place, i) => {
        const fault = faults.find(({ path }) => path[1] === place)!;
        const rule = drafts[place];
        return (
          <span key={place}>
            {i > 0 && ', '}
            <button type="button" className="link" onClick={() => rule && goTo(rule, fault)}>
              rule {place + 1}, {rule?.name || 'without a name'}
            </button>
          </span>
        );
      })}
    </>
  );
}

/** The focus goes to what is wrong; in a condition the caret goes to the line and column. */
function goTo(rule: RuleDraft, { line, column }: Fault): void {
  const card = document.getElementById(`rule-${rule.id}`);
  const input = card?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? card?.querySelector<HTMLElement>('input');
  input?.focus();
  if (!(input instanceof HTMLTextAreaElement) || line === undefined) return;
  const before = rule.when.split('\n').slice(0, line - 1);
  const at = before.reduce((sum, text) => sum + text.length + 1, 0) + (column ?? 1) - 1;
  input.setSelectionRange(at, at);
}
