"""Loads the exports with the suites' own loaders and compares every case with the canonical records."""

import csv
import importlib.util
import json
import os
import sys
import traceback
from pathlib import Path

exports = Path(sys.argv[1]).resolve()


def lines(path):
    # Python's own idea of lines, which is wider than JSON Lines'.
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


records = {record["id"]: record for record in lines(exports / "jsonl/cases.jsonl") if "input" in record}


def manifest(name):
    return json.loads((exports / name / "manifest.json").read_text("utf-8"))



def plain(content):
    return content.get("text", content.get("messages", content.get("value")))


def same_text(loaded, content):
    assert isinstance(loaded, str), loaded
    if content["kind"] == "text":
        assert loaded == content["text"], (loaded, content)
    else:
        assert json.loads(loaded) == plain(content), (loaded, content)


def text_of(content):
    return content["text"] if content["kind"] == "text" else json.dumps(plain(content))


def answers(record):
    """One that passes all checks of the case, and one that does not."""
    values = {check["kind"]: check["value"] for check in record["assertions"] if "value" in check}
    wrong = values["not_contains"] if set(values) == {"not_contains"} else "\u2026wrong"
    if not values:
        return text_of(record["expected"]), wrong
    if "choice" in values:
        return values["choice"][0], wrong
    if "json_equal" in values:
        return json.dumps(values["json_equal"]), wrong
    return values.get("exact", values.get("contains", "fine")), wrong


def load_module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def check_inspect():
    from inspect_ai import eval as run, task_with
    from inspect_ai.dataset import json_dataset
    from inspect_ai.model import ModelOutput
    from inspect_ai.solver import solver

    samples = list(json_dataset(str(exports / "inspect/cases.jsonl")))
    for sample in samples:
        record = records[sample.id]
        if record["input"]["kind"] == "messages":
            messages = [{"role": m.role, "content": m.content} for m in sample.input]
            assert messages == record["input"]["messages"], sample.id
        else:
            same_text(sample.input, record["input"])
        expected = record.get("expected")
        rights = [expected, *expected.get("alternatives", [])] if expected else []
        targets = sample.target if isinstance(sample.target, list) else [sample.target] if expected else []
        assert len(targets) == len(rights), sample.id
        for target, right in zip(targets, rights):
            same_text(target, right)
        assert (sample.setup, sample.files, sample.sandbox, sample.choices) == (None, None, None, None)
        meta = sample.metadata
        for key in ("revision", "content_hash", "tags", "split", "provenance"):
            assert meta[key] == record[key], (sample.id, key)
        assert meta["observed"] == plain(record["observed"])
        assert meta.get("context") == record.get("context")

    @solver
    def answering(is_right):
        async def solve(state, generate):
            state.output = ModelOutput.from_content("none", answers(records[state.sample_id])[0 if is_right else 1])
            return state

        return solve

    module = load_module(exports / "inspect/task.py")
    for is_right in (True, False):
        task = task_with(module.countersign(), solver=answering(is_right))
        (log,) = run(task, model="mockllm/model", display="none", log_samples=False, log_dir=str(exports.parent / "logs"))
        assert log.status == "success", log.error
        assert log.results.total_samples == log.results.completed_samples == len(samples)
        assert log.results.scores[0].metrics["accuracy"].value == (1.0 if is_right else 0.0), log.results
    return len(samples)


def check_deepeval():
    from deepeval.dataset import ConversationalGolden

    os.chdir(exports / "deepeval")
    module = load_module(exports / "deepeval/test_cases.py")
    for golden in module.dataset.goldens:
        assert not isinstance(golden, ConversationalGolden) and not golden.multimodal, golden.name
        record = records[golden.name]
        same_text(golden.input, record["input"])
        assert (golden.expected_output is None) == ("expected" not in record)
        if golden.expected_output is not None:
            same_text(golden.expected_output, record["expected"])
        context = [c if isinstance(c, str) else None for c in record.get("context", [])]
        loaded = golden.retrieval_context or []
        assert len(loaded) == len(context) and all(b is None or a == b for a, b in zip(loaded, context)), golden.name
        meta = golden.additional_metadata
        assert meta["observed"] == plain(record["observed"]) and meta["tags"] == record["tags"]
        assert meta.get("context") == record.get("context") and golden.actual_output is None
    for golden in module.checked:
        right, wrong = answers(records[golden.name])
        module.answer = lambda golden, right=right: right
        module.test_case(golden)
        module.answer = lambda golden, wrong=wrong: wrong
        try:
            module.test_case(golden)
        except (AssertionError, ValueError):
            continue
        raise AssertionError(f"{golden.name} passes with a wrong answer")
    return len(module.dataset.goldens)


def check_ragas():
    from ragas import EvaluationDataset

    rows = manifest("ragas")["rows"]
    count = 0
    for name in ("single_turn.jsonl", "multi_turn.jsonl"):
        ids = [row["case_id"] for row in rows if row["file"] == name]
        samples = EvaluationDataset.from_jsonl(exports / "ragas" / name).samples
        assert len(samples) == len(ids)
        for sample, case_id in zip(samples, ids):
            record = records[case_id]
            if name == "multi_turn.jsonl":
                roles = {"human": "user", "ai": "assistant"}
                turns = [{"role": roles[m.type], "content": m.content} for m in sample.user_input]
                assert turns == record["input"]["messages"], case_id
            else:
                assert sample.user_input == record["input"]["text"], case_id
                assert (sample.retrieved_contexts or []) == record.get("context", []), case_id
                assert sample.response is None
            assert sample.reference == record["expected"]["text"], case_id
            count += 1
    return count


def check_huggingface(name="huggingface"):
    from datasets import load_dataset

    count = 0
    for split, rows in load_dataset(str(exports / name)).items():
        for row in rows:
            record = records[row["case_id"]]
            assert record["split"] == split and row["revision"] == record["revision"]
            for field in ("input", "observed"):
                assert row[f"{field}_kind"] == record[field]["kind"]
                same_text(row[field], record[field])
            assert (row["expected"] is None) == ("expected" not in record)
            if row["expected"] is not None:
                same_text(row["expected"], record["expected"])
            context = row["context_json"]
            assert (None if context is None else json.loads(context)) == record.get("context")
            assert json.loads(row["tags_json"]) == record["tags"]
            assert json.loads(row["record_json"])["provenance"] == record["provenance"]
            count += 1
    return count


def check_training(name):
    from datasets import load_dataset

    ids = [row["case_id"] for row in manifest(name)["rows"]]
    loaded = load_dataset("json", data_files=str(exports / name / "train.jsonl"), split="train")
    assert len(loaded) == len(ids)
    for row, case_id in zip(loaded, ids):
        record = records[case_id]
        assert record["split"] == "train"
        said = record["input"]
        asked = [{"role": "user", "content": said["text"]}] if said["kind"] == "text" else said["messages"]
        bare = lambda messages: [{"role": m["role"], "content": m["content"]} for m in messages]
        answer = lambda field: [{"role": "assistant", "content": record[field]["text"]}]
        if name == "sft":
            assert bare(row["messages"]) == asked + answer("expected"), case_id
        elif name == "dpo":
            assert bare(row["input"]["messages"]) == asked, case_id
            assert bare(row["preferred_output"]) == answer("expected")
            assert bare(row["non_preferred_output"]) == answer("observed")
        elif name == "trl-preference":
            assert bare(row["prompt"]) == asked, case_id
            assert bare(row["chosen"]) == answer("expected") and bare(row["rejected"]) == answer("observed")
        else:
            assert bare(row["prompt"]) == asked and bare(row["completion"]) == answer("observed"), case_id
            assert row["label"] == (record["verdict"] == "CONFIRMED")
    return len(ids)


def check_csv_exact():
    csv.field_size_limit(10_000_000)
    with open(exports / "csv-exact/cases-exact.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    for row in rows:
        record = records[row["case_id"]]
        for field in ("input", "observed"):
            same_text(row[field], record[field])
        assert (row["expected_kind"] == "") == ("expected" not in record)
        if row["expected_kind"]:
            same_text(row["expected"], record["expected"])
        assert json.loads(row["record_json"])["tags"] == record["tags"]
    return len(rows)


# By suite, each in an environment of its own.
checks = {
    "inspect": {"inspect": check_inspect},
    "deepeval": {"deepeval": check_deepeval},
    "ragas": {"ragas": check_ragas},
    "datasets": {
        "huggingface": check_huggingface,
        "huggingface-one-split": lambda: check_huggingface("huggingface-one-split"),
        **{name: lambda name=name: check_training(name) for name in ("sft", "dpo", "trl-preference", "trl-kto")},
        "csv-exact": check_csv_exact,
    },
}

failed = False
for name, check in checks[sys.argv[2]].items():
    try:
        count = check()
        listed = manifest(name)["count"]
        assert count == listed > 0, f"{count} cases loaded, manifest.json counts {listed}"
        print(f"ok      {name}: {count} cases")
    except Exception:
        failed = True
        traceback.print_exc()
        print(f"FAILED  {name}")
sys.exit(1 if failed else 0)
