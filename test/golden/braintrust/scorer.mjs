// Written by "countersign export": the checks of a case, as a scorer of Braintrust.
const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
};
const canonical = (text) => {
  try {
    return JSON.stringify(sorted(JSON.parse(text)));
  } catch {
    return null;
  }
};
const passes = ({ kind, value }, output, right) => {
  const sameJson = (text) => canonical(output) !== null && canonical(output) === canonical(text);
  if (kind === 'contains') return output.includes(value);
  if (kind === 'not_contains') return !output.includes(value);
  if (kind === 'choice') return value.includes(output);
  if (kind === 'regex') return new RegExp(value, 'u').test(output);
  if (kind !== 'exact' && kind !== 'json_equal') return false;
  if (value !== undefined) return kind === 'exact' ? output === value : sameJson(JSON.stringify(value));
  return right.some((one) => (kind === 'exact' && one.kind === 'text' ? output === one.text : sameJson(one.text)));
};

const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const contentOf = ({ kind, text, messages, value }) => ({ kind, text: text ?? JSON.stringify(messages ?? value) });

export function asSigned({ output, expected, metadata }) {
  const { assertions, alternatives = [], expected_kind: kind } = metadata;
  if (assertions.length === 0) return { name: 'as signed', score: null };
  const right = alternatives.map(contentOf);
  if (kind !== undefined) right.unshift({ kind, text: asText(expected) });
  const isRight = assertions.every((assertion) => passes(assertion, asText(output), right));
  return { name: 'as signed', score: isRight ? 1 : 0 };
}
