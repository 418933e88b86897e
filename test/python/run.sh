#!/bin/sh
# Loads every export with the loaders of Inspect AI, DeepEval, Ragas and Hugging Face datasets and compares every case.
# Needs Python 3.11 or newer and a package index. Says so when one is missing: exits 0 then, or 1 with --required.
set -eu
cd "$(dirname "$0")/../.."
work="${COUNTERSIGN_PYTHON_DIR:-node_modules/.cache/countersign-python}"

cannot() {
  echo "test:python DID NOT RUN: $1" >&2
  if [ "${required:-}" = --required ]; then exit 1; fi
  exit 0
}
required="${1:-}"

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$candidate"; break; fi
done
[ -n "$python" ] || cannot "there is no Python 3.11 or newer."

wanted="$("$python" --version) $(cat test/python/requirements.txt)"
if [ "$(cat "$work/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$work"
  mkdir -p "$work"
  "$python" -m venv "$work/venv" || cannot "$python cannot make a virtual environment."
  echo "Installing $(grep -o '^[a-z].*' test/python/requirements.txt | tr '\n' ' ')into $work …"
  # An older pip takes a quarter of an hour to agree on versions.
  "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check 'pip>=25' 2> "$work/pip.log" &&
    "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r test/python/requirements.txt 2>> "$work/pip.log" ||
    cannot "the packages cannot be installed: $(tail -n 1 "$work/pip.log")"
  printf %s "$wanted" > "$work/installed"
fi

rm -rf "$work/exports" "$work/huggingface" "$work/logs"
COUNTERSIGN_PYTHON_EXPORTS="$work/exports" npx --no-install vitest run --config test/python/vitest.config.ts --silent --reporter=dot

# Nothing is reported to anybody, nothing is fetched.
export DEEPEVAL_TELEMETRY_OPT_OUT=1 RAGAS_DO_NOT_TRACK=true HF_HUB_OFFLINE=1 HF_DATASETS_OFFLINE=1 HF_HUB_DISABLE_TELEMETRY=1
export HF_HOME="$work/huggingface" DO_NOT_TRACK=1 PYTHONWARNINGS=ignore GIT_PYTHON_REFRESH=quiet
exec "$work/venv/bin/python" test/python/check.py "$work/exports"
