import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { compileCondition, ConditionFault, type Seen, valuesOf } from '../src/project/condition.js';
import { RiskLevel } from '../src/project/risk-level.js';

const nothingSaid: Seen = {
  source: 'support-replies',
  model: null,
  prompt: null,
  confidence: null,
  risk: null,
  reasons: [],
  signals: [],
  tags: [],
};

function matches(text: string, seen: Partial<Seen> = {}): boolean {
  const condition = compileCondition(text);
  if ('message' in condition) throw new Error(condition.message);
  return condition.matches(valuesOf({ ...nothingSaid, ...seen }));
}

function errorOf(text: string): { message: string; line: number; column: number } {
  const condition = compileCondition(text);
  if ('message' in condition) return condition;
  throw new Error(`compiled: ${text}`);
}

describe('a condition sees what the application said', () => {
  const seen: Partial<Seen> = {
    confidence: 0.4,
    risk: RiskLevel.HIGH,
    signals: [
      { name: 'grounding', value: 0.2 },
      { name: 'a b', value: 1 },
      { name: 'constructor', value: 0.7 },
    ],
    tags: ['returns', 'german'],
    reasons: ['low grounding'],
    model: { name: 'writer', version: '3' },
    prompt: { name: 'answer', version: '14' },
  };
  test.each([
    ['confidence < 0.5', true],
    ['confidence < 1', true],
    ['confidence >= 0.5', false],
    ['risk >= HIGH', true],
    ['risk > HIGH', false],
    ['risk == MEDIUM || risk == CRITICAL', false],
    ['LOW < MEDIUM && MEDIUM < HIGH && HIGH < CRITICAL', true],
    ['signals.grounding < 0.3', true],
    ['signals["a b"] == 1.0', true],
    ['signals.constructor > 0.5', true],
    ['signals.exists(name, signals[name] > 0.9)', true],
    ['"german" in tags', true],
    ['tags.all(tag, tag.startsWith("g"))', false],
    ['size(reasons) == 1 && reasons[0].contains("grounding")', true],
    ['source == "support-replies"', true],
    ['model.name == "writer" && model.version != "4"', true],
    ['prompt.version in ["13", "14"]', true],
    ['hasConfidence && hasRisk', true],
  ])('%s is %s', (text, expected) => expect(matches(text, seen)).toBe(expected));
});

describe('a condition that needs an absent value does not match', () => {
  test.each([
    'confidence < 0.5',
    'confidence >= 0.5',
    '!(confidence < 0.5)',
    'risk >= LOW',
    'signals.grounding < 0.3',
    'signals["grounding"] < 0.3',
    '!(signals.constructor > 0.5)',
    'model.name == "writer"',
    'prompt.version != "14"',
    'confidence < 0.5 || risk >= HIGH',
    'confidence < 0.5 ? true : true',
    '[confidence].exists(c, c < 0.5)',
    'has(signals.grounding)',
    'hasConfidence',
    'hasRisk',
    'has(model.name)',
  ])('%s', (text) => expect(matches(text)).toBe(false));

  test.each([
    'confidence < 0.5 || source == "support-replies"',
    'source == "support-replies" || signals.x > 1.0',
    '!hasConfidence || confidence < 0.5',
    '!has(signals.grounding) || signals.grounding < 0.3',
    '!has(model.name)',
    // What comes out false whatever the absent value is, is true when negated.
    '!(confidence < 0.5 && source == "other")',
    '!(signals.x > 1.0 && false) && !hasRisk',
  ])('but %s matches without it', (text) => expect(matches(text)).toBe(true));
});

describe('a condition that breaks for another reason says so', () => {
  test.each(['1 / size(tags) > 0', 'tags[3] == "x"', 'double(source) > 0.5', 'timestamp(source) > timestamp("x")'])(
    '%s',
    (text) => expect(() => matches(text)).toThrow(ConditionFault),
  );
});

describe('a condition is refused when it is saved, with the place of the error', () => {
  test.each([
    ['confidnce < 0.5', 'Unknown variable: confidnce; known are confidence,', 1, 1],
    ['hasRisk &&\n  confidnce < 0.5', 'Unknown variable: confidnce', 2, 3],
    ['confidence < ', 'ends too early: something has to follow', 1, 14],
    ['(hasRisk', '")" is missing here', 1, 9],
    ['confidence < < 0.5', '"<" cannot stand here', 1, 14],
    ['confidence', 'must be true or false; it is of the type double', 1, 1],
    ['confidence < "a"', 'no such overload: double < string', 1, 1],
    ['risk == "HIGH"', 'without quotes, as in risk >= HIGH (LOW < MEDIUM < HIGH < CRITICAL)', 1, 1],
    ['has(confidence)', 'use hasConfidence', 1, 5],
    ['confidence == null', 'ask hasConfidence', 1, 1],
    ['model.nam == "x"', 'No such key: nam', 1, 7],
    ['hasRisk && source.matches("(a+)+$")', 'matches() may take for ever', 1, 12],
    ['tags.exists(a, tags.exists(b, tags.exists(c, a + b + c == "")))', 'loops are nested', 1, 31],
    ['', 'is empty', 1, 1],
    ['"unterminated', 'its closing quote is missing', 1, 1],
    [`source == "${'x'.repeat(2_000)}"`, 'longer than 2000', 1, 1],
    [`${'('.repeat(500)}true${')'.repeat(500)}`, 'xceeded', 1, 41],
    ['process.exit()', 'Unknown variable: process', 1, 1],
    ['source.constructor == "x"', '', 1, 8],
  ])('%s', (text, message, line, column) => {
    const error = errorOf(text);
    expect(error.message).toContain(message);
    expect([error.line, error.column]).toEqual([line, column]);
  });
});

test('names from outside reach nothing but the values', () => {
  const signals = ['__proto__', 'toString', 'hasOwnProperty'].map((name) => ({ name, value: 0.9 }));
  expect(matches('signals.toString > 0.5 && signals["hasOwnProperty"] > 0.5', { signals })).toBe(true);
  expect(matches('has(signals.toString) || has(signals.valueOf)')).toBe(false);
});

test('looking for absent values first never changes an answer', () => {
  const leaf = fc.constantFrom(
    'true',
    'false',
    'hasRisk',
    'source == "s"',
    'confidence < 0.5',
    '!(confidence < 0.5)',
    'confidence in [0.3, 0.7]',
    '(confidence < 0.5 ? hasRisk : true)',
    'risk >= HIGH',
    '(risk == LOW) == (confidence < 0.5)',
    'signals.a > 0.5',
    'signals["b"] < 0.5',
    'signals.a + signals.b > 1.0',
    'has(signals.a)',
    '!has(signals.b)',
    'model.name == "x"',
    'has(model.name)',
    'tags.exists(t, t == "x" && confidence > 0.1)',
  );
  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc
        .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
        .map(([left, sign, right]) => `(${left} ${sign} ${right})`),
      tie('condition').map((negated) => `!(${negated})`),
    ),
  }));
  const seen = fc.record({
    source: fc.constantFrom('s', 't'),
    model: fc.constantFrom(null, { name: 'x', version: '1' }),
    confidence: fc.constantFrom(null, 0.3, 0.7),
    risk: fc.constantFrom(null, RiskLevel.LOW, RiskLevel.HIGH),
    tags: fc.constantFrom([], ['x']),
    signals: fc.subarray([
      { name: 'a', value: 0.9 },
      { name: 'b', value: 0.2 },
    ]),
  });
  // Of a choice nothing is known from its form, so the second of the two is always run.
  fc.assert(
    fc.property(
      condition,
      seen,
      (text, values) => matches(text, values) === matches(`(${text}) ? true : false`, values),
    ),
    { numRuns: 2_000 },
  );
});
