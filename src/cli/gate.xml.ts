import { explainCase } from './gate.text.js';
import type { Wanted } from './gate.manifest.js';
import type { CaseVerdict, Verdict } from './gate.verdict.js';

/**
 * The verdict as JUnit XML, the form that CI systems show: one test per case of the manifest, and one more for the run.
 * Without times, so that the same verdict is the same file.
 */
export function asJunit(wanted: Wanted, verdict: Verdict): string {
  const failures = verdict.cases.filter(({ state }) => state === 'FAILED').length;
  const errors =
    verdict.cases.filter(({ state }) => state === 'INCOMPLETE').length + (verdict.faults.length > 0 ? 1 : 0);
  const counts = `tests="${verdict.cases.length + 1}" failures="${failures}" errors="${errors}"`;
  const run =
    verdict.faults.length === 0
      ? `    <testcase classname="countersign" name="the run is complete"/>`
      : `    <testcase classname="countersign" name="the run is complete">\n      <error message="${attribute(verdict.faults[0] ?? '')}">${content(verdict.faults.join('\n'))}</error>\n    </testcase>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="countersign gate" ${counts}>`,
    `  <testsuite name="${attribute(wanted.title)}" ${counts}>`,
    run,
    ...verdict.cases.map((one) => testcase(wanted.dataset, one)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase(dataset: string, one: CaseVerdict): string {
  const head = `    <testcase classname="countersign.${attribute(dataset)}" name="${attribute(one.case.id)}"`;
  if (one.state === 'PASSED') return `${head}/>`;
  const lines = explainCase(one).lines;
  const [, reason = 'the output is not what was expected'] =
    lines.find(([label]) => label === 'problem' || label === 'why') ?? [];
  const element = one.state === 'FAILED' ? 'failure' : 'error';
  const text = lines.map(([label, value]) => `${label.padEnd(9)} ${value}`).join('\n');
  return `${head}>\n      <${element} message="${attribute(reason)}">${content(text)}</${element}>\n    </testcase>`;
}

/** What XML 1.0 cannot hold, not even as a reference: most controls, halves of pairs, two non-characters. */
const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function content(text: string): string {
  return text.replace(ILLEGAL, '').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

function attribute(text: string): string {
  return content(text).replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
