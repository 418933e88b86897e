"""Runs the exported samples through your application and signs off what passes the checks of its case."""

import json
import os
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset
from inspect_ai.scorer import CORRECT, INCORRECT, Score, Target, accuracy, scorer
from inspect_ai.solver import Generate, TaskState, solver

FOLDER = Path(os.environ.get("CASES") or Path(__file__).parent / "refunds")


def answer(messages) -> str:
    """Put a call of your application here."""
    raise NotImplementedError("task.py has to call your application")


@solver
def application():
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state.output.completion = answer(state.messages)
        return state

    return solve


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
    async def score(state: TaskState, target: Target) -> Score:
        output = state.output.completion
        case = state.metadata
        kinds = [case.get("expected_kind"), *(one["kind"] for one in case.get("alternatives", []))]
        rights = [{"kind": kind, "text": text} for kind, text in zip(kinds, target.target) if kind]
        right = all(passes(check, output, rights) for check in case["assertions"])
        return Score(value=CORRECT if right else INCORRECT, answer=output)

    return score


@task
def refunds() -> Task:
    return Task(dataset=json_dataset(str(FOLDER / "cases.jsonl")), solver=application(), scorer=as_signed())
