import { jsonLine } from '../eval-case.record.js';
import { readme } from './readme.js';
import { answer, chatOf, pairOf } from './training.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/** Preference pairs as OpenAI, Azure, Together and Fireworks take them: corrected cases, the correction preferred. */
export const dpo: ExportFormat = {
  name: 'dpo',
  version: 1,
  title: 'direct preference optimisation (OpenAI JSONL)',
  casesFile: 'train.jsonl',
  files: (info) => [readme(info, 'direct preference optimisation', use)],
  encode,
};

function encode(stored: StoredCase): Encoded {
  const read = chatOf(stored);
  if ('skipped' in read) return read;
  const pair = pairOf(read.chat);
  if ('skipped' in pair) return pair;
  return {
    line: jsonLine({
      input: { messages: read.chat.prompt, tools: [], parallel_tool_calls: true },
      preferred_output: answer(pair.chosen),
      non_preferred_output: answer(pair.rejected),
    }),
  };
}

const use = `
- \`train.jsonl\`: one pair a line, of the train split only: \`preferred_output\` is what reviewers corrected the answer to,
  \`non_preferred_output\` what production answered.
- The n-th line is the row with that number in \`manifest.json\`: the file has no place for ids.
`;
