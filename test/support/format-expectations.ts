/** What a format keeps of a record; left out, all of it. */
const keeps: Readonly<Record<string, readonly string[]>> = {
  ragas: ['id', 'input', 'expected', 'context'],
  sft: ['id', 'input', 'expected'],
  dpo: ['id', 'input', 'expected', 'observed'],
  'trl-preference': ['id', 'input', 'expected', 'observed'],
  'trl-kto': ['id', 'input', 'observed', 'verdict'],
};

/** What the reader of a format has to give back of a case with this record. */
export function expectedOf(format: string, record: Record<string, any>): Record<string, any> {
  const names = keeps[format];
  if (!names) return record;
  const part = Object.fromEntries(names.filter((name) => name in record).map((name) => [name, record[name]]));
  if (format === 'ragas') return part;
  // One right answer is enough to learn from.
  if (part.expected) delete part.expected.alternatives;
  // A prompt is messages; a text is one of the user's.
  const { kind, text, messages } = part.input;
  return {
    ...part,
    input: { kind: 'prompt', messages: kind === 'text' ? [{ role: 'user', content: text }] : messages },
  };
}
