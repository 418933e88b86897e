import { checksInPython } from './checks.text.js';
import { readme } from './readme.js';
import type { ExportFile, ExportInfo } from './format.js';

/** One pytest test a golden; constant. */
export const deepevalTest = `\
"""Written by "countersign export". Put your application into answer()."""

import json
from pathlib import Path

import pytest
from deepeval.dataset import EvaluationDataset

dataset = EvaluationDataset()
dataset.add_goldens_from_json_file(str(Path(__file__).with_name("goldens.json")))


def answer(golden):
    raise NotImplementedError("Call your application with golden.input here and return its text.")


${checksInPython}

def rights(golden):
    case = golden.additional_metadata
    texts = [one.get("text", json.dumps(one.get("messages", one.get("value")))) for one in case.get("alternatives", [])]
    found = [{"kind": one["kind"], "text": text} for one, text in zip(case.get("alternatives", []), texts)]
    if golden.expected_output is not None:
        found.append({"kind": case["expected_kind"], "text": golden.expected_output})
    return found


# What has no checks is for metrics that need no expected output.
checked = [golden for golden in dataset.goldens if golden.additional_metadata["assertions"]]


@pytest.mark.parametrize("golden", checked, ids=lambda golden: golden.name)
def test_case(golden):
    output = answer(golden)
    for check in golden.additional_metadata["assertions"]:
        assert passes(check, output, rights(golden)), check["kind"]
`;

export function deepevalReadme(info: ExportInfo): ExportFile {
  return readme(
    info,
    'DeepEval',
    `
    pip install deepeval
    DEEPEVAL_TELEMETRY_OPT_OUT=1 deepeval test run test_cases.py

- \`goldens.json\`: a JSON array for \`EvaluationDataset().add_goldens_from_json_file\`. \`name\` is the case's id,
  \`retrieval_context\` what production had in front of it, \`additional_metadata\` the rest. Messages and other JSON values
  stand as JSON text; \`input_kind\` and \`expected_kind\` (text, messages, json) tell which. A golden without
  \`expected_output\` has no reference; an empty one expects an empty answer.
- \`test_cases.py\`: put your application into \`answer\`; it asks for all checks of a golden, which are in
  \`additional_metadata.assertions\`; take a metric of DeepEval's in their place if you like.
`,
  );
}
