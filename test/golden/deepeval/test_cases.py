"""Written by "countersign export". Put your application into answer()."""

import json
from pathlib import Path

import pytest
from deepeval.dataset import EvaluationDataset

dataset = EvaluationDataset()
dataset.add_goldens_from_json_file(str(Path(__file__).with_name("goldens.json")))


def answer(golden):
    raise NotImplementedError("Call your application with golden.input here and return its text.")


def same(a, b):
    """Equal as JSON values: Python takes True for 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def same_json(output, value):
    try:
        return same(json.loads(output), value)
    except ValueError:
        return False


def is_one(kind, output, right):
    if kind == "exact" and right["kind"] == "text":
        return output == right["text"]
    try:
        return same_json(output, json.loads(right["text"]))
    except ValueError:
        return False


def passes(check, output, rights):
    kind, value = check["kind"], check.get("value")
    if kind == "contains":
        return value in output
    if kind == "not_contains":
        return value not in output
    if kind == "choice":
        return output in value
    if kind not in ("exact", "json_equal"):
        return False
    if "value" in check:
        return output == value if kind == "exact" else same_json(output, value)
    return any(is_one(kind, output, right) for right in rights)


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
