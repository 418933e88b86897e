import type { Change } from '../changes-list.js';
import { draftOf, type Rule, type RuleDraft, ruleOf } from './rules.js';

type NameOf = (queue: string) => string;

const PARTS: readonly (readonly [label: string, say: (rule: RuleDraft, nameOf: NameOf) => string])[] = [
  ['which outputs', ({ when }) => when.trim() || 'all that come here'],
  ['of these', ({ sample }) => `${sample} %`],
  ['go to', ({ queue }, nameOf) => (queue === '' ? 'nobody: they pass' : nameOf(queue))],
  ['priority', ({ priority }) => priority || 'as the app says'],
  ['due in', ({ dueInHours }) => (dueInHours === '' ? 'as the queue says' : `${dueInHours} h`)],
];

/** Rule by rule: what is new, gone, moved, or says something else. Its name tells which is which. */
export function changedRules(stored: Rule[], drafts: RuleDraft[], nameOf: NameOf): Change[] {
  const before = stored.map(draftOf);
  // As the service will keep them, so that `07` and `7` are the same.
  const after = drafts.map((draft) => draftOf(ruleOf(draft) as unknown as Rule));
  const earlier = new Map(before.map((rule) => [rule.name, rule]));
  const later = new Set(after.map(({ name }) => name));
  const changes = after.flatMap((rule) => {
    const old = earlier.get(rule.name);
    return old ? changedIn(old, rule, nameOf) : [{ what: `Rule “${rule.name}”`, from: null, to: added(rule, nameOf) }];
  });
  const gone = before
    .filter(({ name }) => !later.has(name))
    .map(({ name }) => ({ what: `Rule “${name}”`, from: null, to: 'is removed' }));
  const order = (rules: RuleDraft[]) =>
    rules.map(({ name }) => name).filter((name) => earlier.has(name) && later.has(name));
  const isMoved = order(before).join('\n') !== order(after).join('\n');
  const names = after.map(({ name }) => name).join(', ');
  return [...changes, ...gone, ...(isMoved ? [{ what: 'Order of the rules', from: null, to: names }] : [])];
}

function changedIn(old: RuleDraft, rule: RuleDraft, nameOf: NameOf): Change[] {
  return PARTS.flatMap(([label, say]) => {
    const [from, to] = [say(old, nameOf), say(rule, nameOf)];
    return from === to ? [] : [{ what: `Rule “${rule.name}”, ${label}`, from, to }];
  });
}

function added(rule: RuleDraft, nameOf: NameOf): string {
  const blank = draftOf({ name: rule.name });
  const parts = PARTS.map(([label, say], i) => {
    const said = say(rule, nameOf);
    return i < 1 || label === 'go to' || said !== say(blank, nameOf) ? `${label}: ${said}` : null;
  });
  return `is new; ${parts.filter((part) => part !== null).join('; ')}`;
}
