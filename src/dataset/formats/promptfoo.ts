import { asText } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { unjudgeable } from './checks.js';
import { alternativesOf, NO_EXPECTED, recordOf, RETRACTED } from './metadata.js';
import { promptfooConfig, promptfooReadme } from './promptfoo.text.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/**
 * promptfoo reads top-level strings of a test as templates, paths and packages, and by its own policy trusts what a
 * dataset holds. Ours holds what production wrote, so every string of it stands inside one object, `vars.case`, which
 * promptfoo hands on untouched, and values with structure stand there as JSON text. Outside of it are only ids, hashes
 * and words of closed lists; assertions come from the constant configuration, never from a case.
 */
export const promptfoo: ExportFormat = {
  name: 'promptfoo',
  version: 2,
  title: 'promptfoo',
  casesFile: 'cases.jsonl',
  files: (info) => [
    { path: 'promptfooconfig.yaml', content: promptfooConfig(info) },
    { path: 'README.md', content: promptfooReadme(info) },
  ],
  encode: (stored) => encode(stored),
  caseId: (line) => (JSON.parse(line) as { description: string }).description,
};

/**
 * The same for prompts that are there already and say `{{input}}`. The input stands in a list of one besides, which
 * promptfoo prints as its one element and does not evaluate, as long as it is told not to make tests out of lists.
 */
export const promptfooArray: ExportFormat = {
  ...promptfoo,
  name: 'promptfoo-array',
  version: 2,
  title: 'promptfoo, for prompts that say {{input}}',
  files: (info) => [
    { path: 'promptfooconfig.yaml', content: promptfooConfig(info, 'input') },
    { path: 'README.md', content: promptfooReadme(info, 'input') },
  ],
  encode: (stored) => encode(stored, true),
};

function encode(stored: StoredCase, hasInput = false): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { input, context, expected, observed, ...rest } = record;
  // A test without a check would pass.
  if (rest.assertions.length === 0) return { skipped: NO_EXPECTED };
  const reason = unjudgeable(record, 'JavaScript');
  if (reason !== null) return { skipped: reason };
  return {
    line: jsonLine({
      description: stored.id,
      vars: {
        ...(hasInput && { input: [asText(input)] }),
        case: {
          id: stored.id,
          input: asText(input),
          input_kind: input.kind,
          expected: expected ? asText(expected) : '',
          expected_kind: expected?.kind ?? '',
          observed: asText(observed),
          observed_kind: observed.kind,
          context_json: context ? JSON.stringify(context) : '',
          record_json: JSON.stringify({ ...rest, ...alternativesOf(record) }),
        },
      },
      ...(hasInput && { options: { disableVarExpansion: true } }),
      metadata: {
        case_id: stored.id,
        revision: stored.revision,
        content_hash: stored.contentHash,
        split: stored.split,
        verdict: rest.verdict,
      },
    }),
  };
}
