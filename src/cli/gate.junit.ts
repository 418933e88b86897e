import { SaxesParser, type SaxesTagPlain } from 'saxes';

import { excerpt } from './gate.excerpt.js';
import type { CaseResult, Outcome, ResultsReader, Run } from './gate.result.js';

const CASE_ID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/i;
const ENDS: ReadonlyMap<string, Outcome> = new Map([
  ['error', 'ERRORED'],
  ['failure', 'FAILED'],
  ['skipped', 'SKIPPED'],
]);

/**
 * JUnit XML, as pytest, Vitest, Jest and most others write it. A test is about the case whose id its name holds, or a
 * property `case_id`. Other tests in the file (of the loader, say) are none of the gate's business as long as they are
 * well; one that is not is reported, because a suite that could not be collected looks just so.
 */
export const junit: ResultsReader = {
  name: 'junit',
  reads: 'JUnit XML (pytest --junitxml, vitest --reporter=junit)',
  recognises: ({ text }) => /^\uFEFF?\s*</.test(text) && /<testsuites?[\s/>]/.test(text),
  read: ({ text }) => {
    const tests: CaseResult[] = [];
    const faults: string[] = [];
    try {
      readTests(text, tests, faults);
    } catch (error) {
      faults.push(`It is not well-formed XML: ${excerpt((error as Error).message)}`);
    }
    return { results: tests.filter(({ caseId, outcome }) => caseId !== null || outcome !== 'PASSED'), faults };
  },
};

interface Open {
  readonly name: string;
  readonly assertions: string | undefined;
  caseId: string | undefined;
  outcome: Outcome;
  why: string;
}

/** The parser is strict and expands no entity of the document's own, so a file cannot make it read or grow anything. */
function readTests(text: string, tests: CaseResult[], faults: string[]): Run {
  const parser = new SaxesParser();
  let test: Open | null = null;
  let inside: string | null = null;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    if (name === 'testcase') test = opened(attributes);
    else if (test === null) {
      // A suite that broke as a whole, as Jest and others report it.
      if (name === 'error') faults.push(`A test suite broke: ${excerpt(attributes.message ?? '')}`);
    } else if (ENDS.has(name)) {
      inside = name;
      test.outcome = worse(test.outcome, ENDS.get(name) ?? 'ERRORED');
      test.why += attributes.message ?? '';
    } else if (name === 'property' && attributes.name === 'case_id') test.caseId = attributes.value;
  });
  const addText = (more: string) => {
    if (test !== null && inside !== null) test.why += test.why === '' ? more.trimStart() : ` ${more}`;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', ({ name }) => {
    if (name === inside) inside = null;
    if (name !== 'testcase' || test === null) return;
    tests.push(closed(test));
    test = null;
  });
  parser.write(text.replace(/^\uFEFF/, '')).close();
  return { results: tests, faults };
}

function opened(attributes: Readonly<Record<string, string>>): Open {
  const { name = '', classname = '', assertions } = attributes;
  const caseId = (CASE_ID.exec(name) ?? CASE_ID.exec(classname))?.[0].toLowerCase();
  return { name: name || classname || 'a test without a name', assertions, caseId, outcome: 'PASSED', why: '' };
}

function closed({ name, assertions, caseId, outcome, why }: Open): CaseResult {
  return {
    caseId: caseId ?? null,
    name,
    // Only some runners count; a count of none is a test that compared nothing.
    outcome: outcome === 'PASSED' && assertions === '0' ? 'UNCHECKED' : outcome,
    why: why.trim() || null,
    contentHash: null,
    input: null,
    expected: null,
    output: null,
  };
}

function worse(one: Outcome, other: Outcome): Outcome {
  const order: readonly Outcome[] = ['PASSED', 'SKIPPED', 'FAILED', 'ERRORED'];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}
