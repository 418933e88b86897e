import { jsonLine } from '../eval-case.record.js';
import { readme } from './readme.js';
import { answer, chatOf } from './training.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/** Unpaired preferences for TRL's KTO: confirmed answers are good, rejected ones are not. A corrected one is a pair. */
export const trlKto: ExportFormat = {
  name: 'trl-kto',
  version: 1,
  title: 'TRL unpaired preferences (KTO)',
  casesFile: 'train.jsonl',
  files: (info) => [readme(info, "TRL's KTO trainer", use)],
  encode,
};

function encode(stored: StoredCase): Encoded {
  const read = chatOf(stored);
  if ('skipped' in read) return read;
  const { prompt, observed, expected, verdict } = read.chat;
  if (verdict !== 'CONFIRMED' && expected !== null) return { skipped: 'corrected: a pair, see trl-preference' };
  if (observed === '') return { skipped: 'an empty answer' };
  return { line: jsonLine({ prompt, completion: answer(observed), label: verdict === 'CONFIRMED' }) };
}

const use = `
    from datasets import load_dataset
    train = load_dataset("json", data_files="train.jsonl", split="train")

- \`train.jsonl\`: one answer of production a line, of the train split only: \`prompt\`, \`completion\`, and \`label\`, true when
  reviewers confirmed it and false when they rejected it.
- Corrected answers are pairs: take them from the format trl-preference, with TRL's \`unpair_preference_dataset\` if need be.
- The n-th line is the row with that number in \`manifest.json\`: the file has no place for ids.
`;
