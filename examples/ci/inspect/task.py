"""Runs the exported samples through your application and signs off what is equal to what reviewers signed."""

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


def same(a, b) -> bool:
    """Equal as JSON values; Python alone takes True for 1."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return isinstance(a, bool) == isinstance(b, bool) and a == b


@scorer(metrics=[accuracy()])
def as_signed():
    async def score(state: TaskState, target: Target) -> Score:
        output = state.output.completion
        if state.metadata["expected_kind"] == "text":
            right = output == target.text
        else:
            try:
                right = same(json.loads(output), json.loads(target.text))
            except ValueError:
                right = False
        return Score(value=CORRECT if right else INCORRECT, answer=output)

    return score


@task
def refunds() -> Task:
    return Task(dataset=json_dataset(str(FOLDER / "cases.jsonl")), solver=application(), scorer=as_signed())
