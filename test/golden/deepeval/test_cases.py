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


# What has no expected output is for metrics that need none.
expecting = [golden for golden in dataset.goldens if golden.expected_output is not None]


@pytest.mark.parametrize("golden", expecting, ids=lambda golden: golden.name)
def test_case(golden):
    output = answer(golden)
    if golden.additional_metadata["expected_kind"] == "text":
        assert output == golden.expected_output
    else:
        assert same(json.loads(output), json.loads(golden.expected_output))
