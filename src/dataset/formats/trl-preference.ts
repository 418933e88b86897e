import { jsonLine } from '../eval-case.record.js';
import { readme } from './readme.js';
import { answer, chatOf, pairOf } from './training.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/** Conversational preference pairs with an explicit prompt, for TRL's DPO, ORPO, CPO and reward trainers. */
export const trlPreference: ExportFormat = {
  name: 'trl-preference',
  version: 1,
  title: 'TRL preference pairs',
  casesFile: 'train.jsonl',
  files: (info) => [readme(info, "TRL's preference trainers", use)],
  encode,
};

function encode(stored: StoredCase): Encoded {
  const read = chatOf(stored);
  if ('skipped' in read) return read;
  const pair = pairOf(read.chat);
  if ('skipped' in pair) return pair;
  return {
    line: jsonLine({ prompt: read.chat.prompt, chosen: answer(pair.chosen), rejected: answer(pair.rejected) }),
  };
}

const use = `
    from datasets import load_dataset
    train = load_dataset("json", data_files="train.jsonl", split="train")

- \`train.jsonl\`: one pair a line, of the train split only: \`prompt\`, \`chosen\` (what reviewers corrected the answer to),
  \`rejected\` (what production answered), each a list of messages.
- The n-th line is the row with that number in \`manifest.json\`: the file has no place for ids.
`;
