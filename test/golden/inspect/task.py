"""Written by "countersign export". Put your application in place of generate()."""

import json
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset
from inspect_ai.scorer import CORRECT, INCORRECT, Score, Target, accuracy, scorer
from inspect_ai.solver import TaskState, generate


def same(a, b):
    """Equal as JSON values: Python takes True for 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


@scorer(metrics=[accuracy()])
def as_signed():
    """Text has to be equal to the last character, a JSON value as a value, whatever the order of its keys."""

    async def score(state: TaskState, target: Target) -> Score:
        output = state.output.completion
        if state.metadata["expected_kind"] == "text":
            is_right = output == target.text
        else:
            try:
                is_right = same(json.loads(output), json.loads(target.text))
            except ValueError:
                is_right = False
        return Score(value=CORRECT if is_right else INCORRECT, answer=output)

    return score


@task
def countersign() -> Task:
    cases = json_dataset(str(Path(__file__).with_name("cases.jsonl")))
    return Task(dataset=cases, solver=generate(), scorer=as_signed())
