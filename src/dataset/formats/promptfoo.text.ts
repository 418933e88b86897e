import { checksInJavaScript } from './checks.text.js';
import type { ExportInfo } from './format.js';

/**
 * The checks of every case, constant code. It reads what is right from `vars.case` itself, so no template is involved.
 */
const check = `\
const { expected, expected_kind: kind, record_json: json } = context.vars.case;
const { assertions, alternatives = [] } = JSON.parse(json);
const textOf = ({ text, messages, value }) => text ?? JSON.stringify(messages ?? value);
const right = alternatives.map((one) => ({ kind: one.kind, text: textOf(one) }));
if (kind !== '') right.unshift({ kind, text: expected });
${checksInJavaScript}\
const said = typeof output === 'string' ? output : JSON.stringify(output);
const failed = assertions.filter((assertion) => !passes(assertion, said, right));
if (assertions.length > 0 && failed.length === 0) return true;
const names = failed.map((assertion) => assertion.kind).join(', ');
return { pass: false, score: 0, reason: \`The output is not what the reviewers expect: \${names}.\` };
`;

/** The variable that holds the input: `case.input`, or `input`, a list of one. */
type InputVariable = 'case.input' | 'input';

export function promptfooConfig(info: ExportInfo, variable: InputVariable = 'case.input'): string {
  return `\
# Written by "countersign export". Put your application in place of the provider "echo", which answers with the input.
# Leave "tests" as one file, not a list: promptfoo resolves paths and references inside the files of a list.
description: Countersign dataset ${nameOf(info)}
prompts:
  - '{{${variable}}}'
providers:
  - echo
defaultTest:
  assert:
    - type: javascript
      value: |-
${check.trimEnd().replace(/^(?=.)/gm, '        ')}
tests: file://cases.jsonl
`;
}

const inputNote = `\
\`vars.input\` is the input once more, for prompts that say \`{{input}}\`: a list of one, which promptfoo prints as its one
element. Leave \`options.disableVarExpansion\` where it is: without it promptfoo takes the element out and evaluates it.

`;

export function promptfooReadme(info: ExportInfo, variable: InputVariable = 'case.input'): string {
  return `\
# Countersign dataset ${nameOf(info)}, for promptfoo

    npx promptfoo@0.121.20 eval -c promptfooconfig.yaml --no-cache

- \`cases.jsonl\`: one test a line. \`vars.case\` holds the case: \`input\`, \`expected\` (what reviewers signed), \`observed\`
  (what production answered), \`context_json\`, \`record_json\`. Text is byte for byte what it was; messages and other JSON
  values stand as JSON text, and \`input_kind\`, \`expected_kind\`, \`observed_kind\` (text, messages, json) tell which. An
  empty \`expected_kind\` means that only the checks tell right from wrong. \`record_json\` holds them as \`assertions\`, and
  as \`alternatives\` what is right as well; the configuration's one assertion is all of them.
- \`promptfooconfig.yaml\`: replace the provider by your application. It gets the input as the prompt, and as
  \`context.vars.case.input\`.
- \`manifest.json\`: how many cases there are, each case's id and hash, and what was left out and why.

${variable === 'input' ? inputNote : ''}The cases were written by strangers to your application. Keep using them through \`{{case.…}}\`: promptfoo does not
evaluate what stands inside an object, but it does evaluate templates, paths and packages in plain variables.

A run is complete only if promptfoo reports as many results as \`count\` in \`manifest.json\`: promptfoo also exits with 0
when a filter matches nothing or a file is empty.
`;
}

function nameOf({ dataset, snapshot }: ExportInfo): string {
  return snapshot === null ? dataset : `${dataset} snapshot ${snapshot}`;
}
