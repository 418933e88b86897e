import { excerpt, excerptsOf, visible } from './gate.excerpt.js';
import type { Wanted } from './gate.manifest.js';
import { type CaseVerdict, EXIT, type Rate, type Verdict } from './gate.verdict.js';

/** Cases that are shown in full; what is beyond is counted. */
const SHOWN = 25;
/** Sentences about the run as a whole that are shown. */
const SHOWN_FAULTS = 10;

const HEADLINES: Readonly<Record<Verdict['exitCode'], string>> = {
  [EXIT.PASSED]: 'PASSED',
  [EXIT.FAILED]: 'FAILED',
  [EXIT.USAGE]: 'WRONG USAGE',
  [EXIT.INCOMPLETE]: 'INCOMPLETE',
};

/** One case that is not as it should be, said in lines that a person can act on. Nothing of it can act by itself. */
export interface Explained {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly (readonly [label: string, text: string])[];
}

export interface Explanation {
  readonly headline: string;
  readonly summary: string;
  readonly faults: readonly string[];
  readonly cases: readonly Explained[];
  readonly moreCases: number;
  readonly slices: readonly Rate[];
  readonly notes: readonly string[];
}

/** What is to be told of a verdict, whatever it is then written as. What did not run comes first: it weighs most. */
export function explain(wanted: Wanted, verdict: Verdict, minPassRate: number): Explanation {
  const bad = verdict.cases.filter(({ state }) => state !== 'PASSED');
  const sorted = [
    ...bad.filter(({ state }) => state === 'INCOMPLETE'),
    ...bad.filter(({ state }) => state === 'FAILED'),
  ];
  const { overall, faults } = verdict;
  const incomplete = sorted.filter(({ state }) => state === 'INCOMPLETE').length;
  const parts = [
    `${overall.passed} of ${overall.total} cases passed (${percent(overall.passed, overall.total)}, needed ${percent(minPassRate, 1)})`,
    ...(sorted.length > incomplete ? [`${sorted.length - incomplete} failed`] : []),
    ...(incomplete > 0 ? [`${incomplete} not tried as they must be`] : []),
  ];
  const shownFaults = faults.slice(0, SHOWN_FAULTS);
  return {
    headline: `${HEADLINES[verdict.exitCode]} ${wanted.title}`,
    summary: parts.join(', '),
    faults: faults.length > SHOWN_FAULTS ? [...shownFaults, `… and ${faults.length - SHOWN_FAULTS} more`] : shownFaults,
    cases: sorted.slice(0, SHOWN).map(explainCase),
    moreCases: Math.max(0, sorted.length - SHOWN),
    slices: verdict.slices,
    notes: wanted.notes,
  };
}

export function explainCase(verdict: CaseVerdict): Explained {
  const { case: wanted, state, problems, results } = verdict;
  const result = results.find(({ outcome }) => outcome !== 'PASSED') ?? results[0];
  const expected = wanted.expected ?? result?.expected ?? null;
  const input = wanted.input ?? result?.input ?? null;
  const output = result?.output ?? null;
  const both = expected !== null && output !== null ? excerptsOf(expected, output) : null;
  const passed = results.filter(({ outcome }) => outcome === 'PASSED').length;
  const repeats: [string, string][] = results.length > 1 ? [['repeats', `${passed} of ${results.length} passed`]] : [];
  return {
    id: wanted.id,
    title: state === 'FAILED' ? 'failed' : 'not tried',
    lines: [
      ...problems.map((problem): [string, string] => ['problem', problem]),
      ...repeats,
      ...line('input', input === null ? null : excerpt(input)),
      ...line('expected', both?.expected ?? (expected === null ? null : excerpt(expected))),
      ...line('got', both?.actual ?? (output === null ? null : excerpt(output))),
      ...line('differ', both?.at ? `from character ${both.at + 1}` : null),
      ...line('why', result?.why ? excerpt(result.why) : null),
    ],
  };
}

/** The explanation for a terminal or the log of a CI job. Every line begins with words of ours, none with a stranger's. */
export function asText(explanation: Explanation): string {
  const { headline, summary, faults, cases, moreCases, slices, notes } = explanation;
  const lines = [
    `${headline}: ${summary}`,
    ...faults.map((fault) => `  problem   ${fault}`),
    ...cases.flatMap(({ id, title, lines: details }) => [
      '',
      `  ${id}  ${title}`,
      ...details.map(([label, text]) => `    ${label.padEnd(9)} ${text}`),
    ]),
    ...(moreCases > 0 ? ['', `  … and ${moreCases} more cases (--junit FILE lists them all)`] : []),
    ...(slices.length > 0 ? ['', ...slices.map(sliceLine)] : []),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `  note      ${note}`)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  // Rounded down: 9999 of 10000 are not 100 %.
  return `${Math.floor((part / whole) * 10_000 + 1e-9) / 100} %`;
}

function sliceLine({ name, passed, total, isEnough }: Rate): string {
  return `  ${isEnough ? 'ok      ' : 'TOO FEW '}  ${visible(name)}: ${passed} of ${total} (${percent(passed, total)})`;
}

function line(label: string, text: string | null): [string, string][] {
  return text === null ? [] : [[label, text]];
}
