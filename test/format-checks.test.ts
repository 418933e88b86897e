import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { Json } from '../src/dataset/content.js';
import { contentOf } from '../src/dataset/content.js';
import type { Assertion } from '../src/dataset/eval-case.record.js';
import { checksInPython } from '../src/dataset/formats/checks.text.js';
import { formats } from '../src/dataset/formats/index.js';
import { info } from './support/format-files.js';

interface Judged {
  readonly expected?: Json;
  readonly alternatives?: readonly Json[];
  readonly assertions: readonly Assertion[];
  readonly output: string;
  readonly isRight: boolean;
}

const exact: Assertion = { kind: 'exact' };
const json: Assertion = { kind: 'json_equal' };

const table: readonly Judged[] = [
  { expected: 'y', assertions: [exact], output: 'y', isRight: true },
  { expected: 'y', assertions: [exact], output: 'y\n', isRight: false },
  { expected: '', assertions: [exact], output: '', isRight: true },
  { expected: 'y', alternatives: ['z'], assertions: [exact], output: 'z', isRight: true },
  { expected: 'y', alternatives: [{ a: 1, b: 2 }], assertions: [exact], output: '{ "b":2, "a":1 }', isRight: true },
  { expected: 'y', alternatives: ['{"a":1}'], assertions: [exact], output: '{ "a":1 }', isRight: false },
  { expected: { a: 1, b: [true] }, assertions: [json], output: '{"b":[true],"a":1.0}', isRight: true },
  { expected: { a: 1 }, assertions: [json], output: '{"a":true}', isRight: false },
  { expected: [1, 2], assertions: [json], output: '[2,1]', isRight: false },
  { expected: null, assertions: [json], output: 'null', isRight: true },
  { expected: { a: 1 }, assertions: [json], output: 'no JSON', isRight: false },
  { expected: { a: 1 }, alternatives: [null], assertions: [json], output: 'null', isRight: true },
  { expected: 'y', assertions: [{ kind: 'exact', value: 'z' }], output: 'z', isRight: true },
  { expected: 'y', assertions: [{ kind: 'exact', value: 'z' }], output: 'y', isRight: false },
  { expected: 'y', assertions: [{ kind: 'json_equal', value: { a: [] } }], output: '{"a":[]}', isRight: true },
  { expected: 'y', assertions: [{ kind: 'json_equal', value: null }], output: 'null', isRight: true },
  { assertions: [{ kind: 'contains', value: 'b' }], output: 'abc', isRight: true },
  { assertions: [{ kind: 'contains', value: 'B' }], output: 'abc', isRight: false },
  { assertions: [{ kind: 'not_contains', value: 'b' }], output: 'abc', isRight: false },
  { assertions: [{ kind: 'choice', value: ['a', 'b'] }], output: 'b', isRight: true },
  { assertions: [{ kind: 'choice', value: ['ab'] }], output: 'b', isRight: false },
  { expected: 'y', assertions: [exact, { kind: 'contains', value: 'z' }], output: 'y', isRight: false },
];

const patterns: readonly Judged[] = [
  { assertions: [{ kind: 'regex', value: '^\\p{Lu}' }], output: 'Ä', isRight: true },
  { assertions: [{ kind: 'regex', value: '^\\p{Lu}$' }], output: 'äÄ', isRight: false },
];

const textOf = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));

test('the scorer for Braintrust judges by the checks of a case', async () => {
  const scorer = new URL('golden/braintrust/scorer.mjs', import.meta.url);
  const { asSigned } = (await import(scorer.href)) as {
    asSigned(row: object): { score: number | null };
  };
  for (const { expected, alternatives, assertions, output, isRight } of [...table, ...patterns]) {
    const metadata = {
      assertions,
      ...(alternatives && { alternatives: alternatives.map(contentOf) }),
      ...(expected !== undefined && { expected_kind: contentOf(expected).kind }),
    };
    const { score } = asSigned({ output, expected, metadata });
    expect({ assertions, output, score }).toEqual({ assertions, output, score: isRight ? 1 : 0 });
  }
  expect(asSigned({ output: 'x', metadata: { assertions: [] } }).score).toBeNull();
});

const isWithoutPython = spawnSync('python3', ['--version']).status !== 0 && process.env.CI !== 'true';
if (isWithoutPython) console.warn('Tests of the checks in Python are skipped: no python3 was found.');

test.skipIf(isWithoutPython)('the checks in Python judge as those in JavaScript do', () => {
  const cases = table.map(({ expected, alternatives = [], assertions, output }) => ({
    checks: assertions,
    output,
    rights: [...(expected === undefined ? [] : [expected]), ...alternatives].map((value) => ({
      kind: contentOf(value).kind,
      text: textOf(value),
    })),
  }));
  const program = `import json, sys\n${checksInPython}
print(json.dumps([all(passes(check, one["output"], one["rights"]) for check in one["checks"]) for one in json.load(sys.stdin)]))`;
  const { stdout, stderr } = spawnSync('python3', ['-c', program], { input: JSON.stringify(cases), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(table.map(({ isRight }) => isRight));
});

test.skipIf(isWithoutPython)('what is exported in Python is Python', () => {
  for (const file of ['inspect/task.py', 'deepeval/test_cases.py']) {
    const input = readFileSync(new URL(`golden/${file}`, import.meta.url), 'utf8');
    const { stderr } = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input });
    expect(stderr.toString()).toBe('');
  }
});

test('every format of a runner brings the same checks', () => {
  const config = formats.get('promptfoo')!.files(info, new Map())[0]!.content.replace(/^ {8}/gm, '');
  const scorer = formats.get('braintrust')!.files(info, new Map())[0]!.content;
  const checks = /const sorted = [^]*?\n};\n(?=\n|const said)/;
  expect(checks.exec(config)?.[0]).toBe(checks.exec(scorer)?.[0]);
});
