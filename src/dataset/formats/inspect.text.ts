import { checksInPython } from './checks.text.js';
import { readme } from './readme.js';
import type { ExportFile, ExportInfo } from './format.js';

/** A task that loads the samples and signs off what is equal; constant. */
export const inspectTask = `\
"""Written by "countersign export". Put your application in place of generate()."""

import json
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset
from inspect_ai.scorer import CORRECT, INCORRECT, Score, Target, accuracy, scorer
from inspect_ai.solver import TaskState, generate


${checksInPython}

@scorer(metrics=[accuracy()])
def as_signed():
    """All checks of the case hold: by default, that the answer is what reviewers signed or one of its alternatives."""

    async def score(state: TaskState, target: Target) -> Score:
        output = state.output.completion
        case = state.metadata
        kinds = [case.get("expected_kind"), *(one["kind"] for one in case.get("alternatives", []))]
        rights = [{"kind": kind, "text": text} for kind, text in zip(kinds, target.target) if kind]
        checks = case["assertions"]
        is_right = bool(checks) and all(passes(check, output, rights) for check in checks)
        return Score(value=CORRECT if is_right else INCORRECT, answer=output)

    return score


@task
def countersign() -> Task:
    cases = json_dataset(str(Path(__file__).with_name("cases.jsonl")))
    return Task(dataset=cases, solver=generate(), scorer=as_signed())
`;

export function inspectReadme(info: ExportInfo): ExportFile {
  return readme(
    info,
    'Inspect AI',
    `
    pip install inspect-ai
    inspect eval task.py --model YOUR/MODEL --log-format json --log-dir logs

- \`cases.jsonl\`: one sample a line, for \`json_dataset\`. \`input\` is text or messages, \`target\` is what reviewers signed,
  a list where there are alternatives; JSON values stand as JSON text, and \`input_kind\` and \`expected_kind\` in \`metadata\` (text, messages, json) tell which.
  \`metadata.observed\` is what production answered, \`metadata.context\` what it had in front of it,
  \`metadata.assertions\` are the checks of the case.
- \`task.py\`: replace \`generate()\` by your application.

The exit code of \`inspect eval\` does not depend on the scores: read them from the log.
`,
  );
}
