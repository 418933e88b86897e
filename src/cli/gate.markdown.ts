import { visible } from './gate.excerpt.js';
import { type Explanation, percent } from './gate.text.js';

/**
 * The explanation as a Markdown section, as GitHub shows it on a job's page. Every piece of text that is not ours has all
 * its punctuation written as entities, so it can be no markup, link or table cell.
 */
export function asMarkdown(explanation: Explanation): string {
  const { headline, summary, faults, cases, moreCases, slices, notes } = explanation;
  const parts = [
    `## ${inert(headline)}`,
    summary,
    faults.map((fault) => `- ${code(fault)}`).join('\n'),
    ...cases.map(({ id, title, lines }) =>
      [
        `### ${inert(id)}: ${title}`,
        '',
        '| | |',
        '|---|---|',
        ...lines.map(([label, text]) => `| ${label} | ${code(text)} |`),
      ].join('\n'),
    ),
    moreCases > 0 ? `… and ${moreCases} more cases.` : '',
    sliceTable(slices),
    notes.map((note) => `- ${inert(note)}`).join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function sliceTable(slices: Explanation['slices']): string {
  if (slices.length === 0) return '';
  const rows = slices.map(
    ({ name, passed, total, isEnough }) =>
      `| ${code(visible(name))} | ${passed} of ${total} | ${percent(passed, total)} | ${isEnough ? 'enough' : '**too few**'} |`,
  );
  return ['| slice | passed | rate | |', '|---|---|---|---|', ...rows].join('\n');
}

function code(text: string): string {
  return `<code>${inert(text)}</code>`;
}

/** All ASCII punctuation as entities, which Markdown shows and never obeys. */
function inert(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`);
}
