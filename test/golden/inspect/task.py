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
