import { jsonLine } from '../eval-case.record.js';
import { NO_EXPECTED } from './metadata.js';
import { readme } from './readme.js';
import { answer, chatOf } from './training.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/**
 * Chat fine-tuning as OpenAI, Azure, Together and Fireworks take it. Only the last answer was signed by a reviewer, so
 * earlier ones of the conversation have weight 0.
 */
export const sft: ExportFormat = {
  name: 'sft',
  version: 1,
  title: 'supervised fine-tuning (OpenAI chat JSONL)',
  casesFile: 'train.jsonl',
  files: (info) => [readme(info, 'supervised fine-tuning', use)],
  encode,
};

function encode(stored: StoredCase): Encoded {
  const read = chatOf(stored);
  if ('skipped' in read) return read;
  const { prompt, expected } = read.chat;
  if (expected === null) return { skipped: NO_EXPECTED };
  if (expected === '') return { skipped: 'an empty answer' };
  const earlier = prompt.map((message) => (message.role === 'assistant' ? { ...message, weight: 0 } : message));
  return { line: jsonLine({ messages: [...earlier, ...answer(expected)] }) };
}

const use = `
- \`train.jsonl\`: one conversation a line, \`{"messages":[…]}\`, of the train split only. The last message is what reviewers
  signed, corrected or confirmed; earlier answers of a conversation have \`weight\` 0, because nobody signed those.
- The n-th line is the row with that number in \`manifest.json\`: the file has no place for ids.
`;
