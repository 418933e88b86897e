/** A rule as the service keeps it. */
export interface Rule {
  name: string;
  when?: string;
  sample?: number;
  decision?: string;
  queue?: string;
  priority?: number;
  dueInSeconds?: number;
}

/** A rule while it is written: texts, that may not make sense yet. */
export interface RuleDraft {
  /** Tells rules apart while their names change. */
  id: number;
  name: string;
  when: string;
  /** In hundredths. */
  sample: string;
  /** A queue's key; empty lets pass. */
  queue: string;
  priority: string;
  dueInHours: string;
}

// Behind those that an earlier visit has kept.
let lastId = Date.now();

export function draftOf({ name, when = '', sample = 1, queue = '', priority, dueInSeconds }: Rule): RuleDraft {
  return {
    id: (lastId += 1),
    name,
    when,
    sample: plain(sample * 100),
    queue,
    priority: priority === undefined ? '' : String(priority),
    dueInHours: dueInSeconds === undefined ? '' : plain(dueInSeconds / 3_600),
  };
}

/** As the service checks it. What is no number goes as it is, so that the service says what is wrong. */
export function ruleOf({ name, when, sample, queue, priority, dueInHours }: RuleDraft): Record<string, unknown> {
  const isReview = queue !== '';
  return {
    name,
    ...(when.trim() !== '' && { when }),
    ...(sample.trim() !== '100' && { sample: numberOf(sample, (n) => Number((n / 100).toPrecision(12))) }),
    ...(isReview ? { queue } : { decision: 'PASS' }),
    ...(isReview && priority.trim() !== '' && { priority: numberOf(priority, (n) => n) }),
    ...(isReview && dueInHours.trim() !== '' && { dueInSeconds: numberOf(dueInHours, (n) => Math.round(n * 3_600)) }),
  };
}

export function newRule(name: string, queue: string): RuleDraft {
  return draftOf({ name, queue, when: 'hasConfidence && confidence < 0.7' });
}

/** The rules in order with one of them in another place. */
export function moved(rules: readonly RuleDraft[], from: number, to: number): RuleDraft[] {
  const others = rules.toSpliced(from, 1);
  return others.toSpliced(to, 0, rules[from]!);
}

/** Rules as a text that people can compare. */
export function textOfRules(rules: readonly Rule[]): string {
  return rules
    .map(({ name, ...rest }) => {
      const lines = Object.entries(rest).map(([key, value]) => `    ${key}: ${String(value)}`);
      return [name, ...lines].join('\n');
    })
    .join('\n');
}

function numberOf(text: string, convert: (n: number) => number): unknown {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : convert(value);
}

function plain(value: number): string {
  return String(Number(value.toPrecision(12)));
}
