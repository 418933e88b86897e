import { describe, expect, test } from 'vitest';

import type { Seen } from '../src/project/condition.js';
import { type Fault, formatFault } from '../src/project/fault.js';
import { IntakeDecision } from '../src/project/intake-decision.js';
import { checkPolicy, compilePolicy, type Decided, decide, isSampled } from '../src/project/policy.js';
import { RiskLevel } from '../src/project/risk-level.js';

const quiet: Seen = {
  source: 'support',
  model: null,
  prompt: null,
  confidence: 0.9,
  risk: RiskLevel.LOW,
  reasons: [],
  signals: [],
  tags: [],
};
const pass = { name: 'rest', decision: 'PASS' };

function faultsOf(rules: unknown): string[] {
  const faults: Fault[] = [];
  checkPolicy(rules, ['policy'], faults);
  return faults.map(formatFault);
}

function decider(rules: unknown): (seen?: Partial<Seen>, externalId?: string) => Decided {
  const faults: Fault[] = [];
  const checked = checkPolicy(rules, ['policy'], faults);
  expect(faults).toEqual([]);
  const policy = compilePolicy(7, checked);
  return (seen = {}, externalId = 'a') => decide(policy, { ...quiet, ...seen }, externalId);
}

test('the first rule that matches decides, with its queue, priority and deadline', () => {
  const decideOn = decider([
    { name: 'critical', when: 'risk == CRITICAL', queue: 'urgent', priority: 9, dueInSeconds: 3600 },
    { name: 'trusted', when: 'source == "trusted"', decision: 'PASS' },
    { name: 'unsure', when: 'confidence < 0.7', queue: 'support' },
    pass,
  ]);
  const rest = { policyVersion: 7, faults: [] };
  expect(decideOn({ risk: RiskLevel.CRITICAL, confidence: 0.1, source: 'trusted' })).toEqual({
    ...rest,
    decision: 'REVIEW',
    rule: 'critical',
    queue: 'urgent',
    priority: 9,
    dueInSeconds: 3600,
  });
  const nothing = { queue: null, priority: null, dueInSeconds: null };
  expect(decideOn({ confidence: 0.1, source: 'trusted' })).toEqual({
    ...rest,
    ...nothing,
    decision: 'PASS',
    rule: 'trusted',
  });
  expect(decideOn({ confidence: 0.1 })).toMatchObject({ decision: 'REVIEW', rule: 'unsure', queue: 'support' });
  expect(decideOn()).toMatchObject({ decision: 'PASS', rule: 'rest' });
});

describe('sampling', () => {
  const decideOn = decider([{ name: 'audit', sample: 0.1, queue: 'audit' }, pass]);
  const ids = Array.from({ length: 20_000 }, (_, i) => `output-${i}`);

  test('is the same for the same output, at every repetition', () => {
    for (const id of ids.slice(0, 100)) expect(decideOn({}, id)).toEqual(decideOn({ confidence: 0.2 }, id));
    // SHA-256 of "audit", NUL, "output-2" begins with 0x791efa35: 0.47313 of 2^32. Another release must agree.
    expect(isSampled('audit', 0.474, 'output-2')).toBe(true);
    expect(isSampled('audit', 0.473, 'output-2')).toBe(false);
  });

  test('takes the share that it says; what it does not take meets the next rule', () => {
    const taken = ids.filter((id) => decideOn({}, id).rule === 'audit').length;
    expect(taken).toBeGreaterThan(1_850);
    expect(taken).toBeLessThan(2_150);
    expect(ids.some((id) => decideOn({}, id).rule === 'rest')).toBe(true);
  });

  test('two rules sample independently, and a higher rate keeps what the lower one took', () => {
    const both = ids.filter((id) => isSampled('a', 0.5, id) && isSampled('b', 0.5, id)).length;
    expect(both).toBeGreaterThan(4_600);
    expect(both).toBeLessThan(5_400);
    expect(ids.filter((id) => isSampled('a', 0.1, id)).every((id) => isSampled('a', 0.2, id))).toBe(true);
  });
});

describe('a condition that breaks never lets an output pass that it might have sent to review', () => {
  const broken = '1 / size(tags) > 0';

  test('a rule that sends to review is taken as met', () => {
    const decided = decider([{ name: 'broken', when: broken, queue: 'q' }, pass])();
    expect(decided).toMatchObject({ decision: 'REVIEW', queue: 'q', rule: 'broken' });
    expect(decided.faults).toEqual([{ rule: 'broken', message: 'division by zero' }]);
  });

  test('a rule that lets pass is taken as not met', () => {
    const decided = decider([
      { name: 'broken', when: broken, decision: 'PASS' },
      { name: 'default', queue: 'q' },
    ])();
    expect(decided).toMatchObject({ decision: 'REVIEW', rule: 'default', faults: [{ rule: 'broken' }] });
  });
});

describe('rules are refused with every fault and its place', () => {
  const fine = { name: 'unsure', when: 'confidence < 0.5', queue: 'q' };
  test.each<[unknown, string[]]>([
    ['x', ['policy: must be a list; it is the text "x"']],
    [[], ['policy: needs at least one rule']],
    [[fine], ['policy[0]: the last rule is the default: it has neither `when` nor `sample`']],
    [[{ ...pass, sample: 0.5 }], ['policy[0]: the last rule is the default: it has neither `when` nor `sample`']],
    [
      [{ ...pass, name: 'all' }, pass],
      ['policy[0]: rule "all" takes every output, so the rules after it are never reached; give it a `when`'],
    ],
    [[fine, { ...fine }, pass], ['policy[1].name: "unsure" is the name of rule 1 too']],
    [
      [{ ...fine, when: 'confidence <\n 0.5 +' }, pass],
      ['policy[0].when (line 2, column 7): rule "unsure": ends too early: something has to follow'],
    ],
    [[{ ...fine, when: true }, pass], ['policy[0].when: must be text; it is true']],
    [[{ ...fine, sample: 0 }, pass], ['policy[0].sample: must be more than 0; leave the rule out instead']],
    [[{ ...fine, sample: 1.5 }, pass], ['policy[0].sample: must be 0 to 1; it is 1.5']],
    [[{ ...fine, sample: '10%' }, pass], ['policy[0].sample: must be a number; it is the text "10%"']],
    [[{ ...fine, priority: 10 }, pass], ['policy[0].priority: must be 0 to 9; it is 10']],
    [[{ ...fine, dueInSeconds: 0.5 }, pass], ['policy[0].dueInSeconds: must be 1 to 31536000 seconds; it is 0.5']],
    [[{ ...fine, dueInSeconds: 1.5 }, pass], ['policy[0].dueInSeconds: must be a whole number; it is 1.5']],
    [[{ ...pass, queue: 'q' }], ['policy[0].queue: means nothing with PASS']],
    [[{ name: 'rest', decision: 'REVIEW' }], ['policy[0].queue: is required with REVIEW']],
    [[{ name: 'rest' }], ['policy[0].decision: is required: REVIEW, PASS']],
    [
      [{ name: 'rest', decision: 'BLOCK' }],
      ['policy[0].decision: must be one of REVIEW, PASS; it is the text "BLOCK"'],
    ],
    [[{ name: '', decision: 'PASS' }], ['policy[0].name: must not be empty']],
    [
      [{ name: 'rest', queue: 'No Queue' }],
      ['policy[0].queue: "No Queue" must be 1 to 63 of a-z, 0-9 and "-", and not begin with "-"'],
    ],
    [
      [{ ...pass, action: 'x' }],
      ['policy[0].action: is not known here; allowed are name, when, sample, decision, queue, priority, dueInSeconds'],
    ],
    [
      [null, pass],
      ['policy[0]: must be a mapping with name, when, sample, decision, queue, priority, dueInSeconds; it is null'],
    ],
    [
      [
        { ...fine, when: 'confidnce < 1', priority: -1 },
        { ...pass, sample: 2 },
      ],
      [
        'policy[0].priority: must be 0 to 9; it is -1',
        expect.stringMatching(/^policy\[0\]\.when \(line 1, column 1\): rule "unsure": Unknown variable: confidnce/),
        'policy[1].sample: must be 0 to 1; it is 2',
      ],
    ],
  ])('%j', (rules, expected) => expect(faultsOf(rules)).toEqual(expected));

  test('more than 100 rules', () => {
    const rules = Array.from({ length: 101 }, (_, i) => ({ ...fine, name: `r${i}` }));
    expect(faultsOf(rules)).toEqual(['policy: has 101 entries; at most 100 are allowed']);
  });
});

test('what is stored has its decision and sample filled in', () => {
  const faults: Fault[] = [];
  expect(checkPolicy([{ name: 'default', queue: 'q' }], [], faults)).toEqual([
    { name: 'default', sample: 1, decision: IntakeDecision.REVIEW, queue: 'q' },
  ]);
});
