import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ExactMatch } from 'autoevals';
import { Eval } from 'braintrust';

/** One run of Braintrust over the first cases of an exported folder: `FOLDER RESULTS APPLICATION FIRST`. */
const [folder, results, application, first] = process.argv.slice(2);
const { asSigned } = await import(pathToFileURL(join(folder, 'scorer.mjs')).href);
const lines = readFileSync(join(folder, 'records.jsonl'), 'utf8').split('\n').slice(0, -1);
const data = lines.slice(0, Number(first)).map((line) => JSON.parse(line));
const right = new Map(
  data.map(({ input, expected, metadata }) => {
    const [other] = metadata.alternatives ?? [];
    return [JSON.stringify(input), other ? other.text : expected];
  }),
);

const applications = {
  oracle: (input) => right.get(JSON.stringify(input)),
  wrong: (input) => `${JSON.stringify(right.get(JSON.stringify(input)))} or not`,
  broken: () => {
    throw new Error('the model is down');
  },
};
const scores = application === 'oracle' ? [asSigned, ExactMatch] : [asSigned];
const evaluated = await Eval(
  'countersign',
  { data, task: async (input) => applications[application](input), scores, maxConcurrency: 20 },
  { noSendLogs: true },
);
writeFileSync(results, JSON.stringify(evaluated));
// It keeps timers of its own.
process.exit(0);
