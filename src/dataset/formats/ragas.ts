import { jsonLine, type EvalCaseRecord } from '../eval-case.record.js';
import { ragasReadme } from './ragas.text.js';
import { NO_EXPECTED, recordOf, RETRACTED } from './metadata.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

const MULTI_TURN = 'multi_turn.jsonl';
const types: Readonly<Record<string, string>> = { user: 'human', assistant: 'ai' };

/**
 * Samples of Ragas. Texts and conversations stand in files of their own, because one that mixes them does not load. A
 * sample has no place for an id, for metadata, or to say that a text is JSON; `response` is left to the run.
 */
export const ragas: ExportFormat = {
  name: 'ragas',
  version: 1,
  title: 'Ragas',
  casesFile: 'single_turn.jsonl',
  moreCasesFiles: [MULTI_TURN],
  files: (info) => [ragasReadme(info)],
  encode,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { input, expected } = record;
  if (!expected) return { skipped: NO_EXPECTED };
  if (expected.kind !== 'text') return { skipped: 'the expected output is JSON, and Ragas knows text only' };
  if (input.kind === 'json') return { skipped: 'the input is JSON, and Ragas knows text and messages only' };
  return input.kind === 'text' ? singleTurn(record, input.text, expected.text) : multiTurn(record, expected.text);
}

function singleTurn({ context = [] }: EvalCaseRecord, input: string, reference: string): Encoded {
  if (!context.every((passage) => typeof passage === 'string')) {
    return { skipped: 'context that is not text, and Ragas knows text only' };
  }
  return {
    line: asciiLine({ user_input: input, reference, ...(context.length > 0 && { retrieved_contexts: context }) }),
  };
}

function multiTurn({ input, context }: EvalCaseRecord, reference: string): Encoded {
  if (input.kind !== 'messages') throw new TypeError('Only messages have turns.');
  if (context) return { skipped: 'context beside messages, for which a Ragas conversation has no place' };
  // A tool's message would need the call it answers; Ragas would take a role that it does not know for the user's.
  if (!input.messages.every(({ role }) => Object.hasOwn(types, role))) {
    return { skipped: 'a message that is neither user nor assistant, and Ragas knows only those' };
  }
  const turns = input.messages.map(({ role, content }) => ({ type: types[role], content }));
  return { file: MULTI_TURN, line: asciiLine({ user_input: turns, reference }) };
}

/** Ragas reads a file in whatever encoding the machine prefers: what is not ASCII stands as an escape. */
function asciiLine(sample: object): string {
  return jsonLine(sample).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
