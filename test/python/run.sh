#!/bin/sh
# Loads every export with the loaders of Inspect AI, DeepEval, Ragas and Hugging Face datasets and compares every case.
# Needs Python 3.11 or newer and a package index. Says so when one is missing: exits 0 then, or 1 with --required.
set -eu
cd "$(dirname "$0")/../.."
work="${COUNTERSIGN_PYTHON_DIR:-$PWD/node_modules/.cache/countersign-python}"
required="${1:-}"

cannot() {
  echo "test:python DID NOT RUN: $1" >&2
  if [ "$required" = --required ]; then exit 1; fi
  exit 0
}

python=""
for candidate in python3.13 python3.12 python3.11 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$candidate"; break; fi
done
[ -n "$python" ] || cannot "there is no Python 3.11 or newer."

# Makes the environment of one suite, unless it is there already.
install() {
  name="$1"; shift
  wanted="$("$python" --version) $*"
  [ "$(cat "$work/$name.installed" 2>/dev/null)" = "$wanted" ] && return
  rm -rf "$work/$name" "$work/$name.installed"
  mkdir -p "$work"
  "$python" -m venv "$work/$name" 2> "$work/$name.log" || cannot "$python cannot make a virtual environment."
  echo "Installing $* …"
  # An older pip takes a quarter of an hour to agree on versions.
  "$work/$name/bin/python" -m pip install --quiet --disable-pip-version-check 'pip>=25' 2>> "$work/$name.log" &&
    "$work/$name/bin/python" -m pip install --quiet --disable-pip-version-check "$@" 2>> "$work/$name.log" ||
    cannot "$* cannot be installed: $(tail -n 1 "$work/$name.log")"
  printf %s "$wanted" > "$work/$name.installed"
}

suites="$(grep -v '^#' test/python/suites.txt)"
while read -r name packages; do
  # shellcheck disable=SC2086 # a line names several packages
  install "$name" $packages < /dev/null
done <<END
$suites
END

rm -rf "$work/exports" "$work/logs" "$work/huggingface"
COUNTERSIGN_PYTHON_EXPORTS="$work/exports" npx --no-install vitest run --config test/python/vitest.config.ts --silent --reporter=dot

# Nothing is reported to anybody, nothing is fetched.
export DEEPEVAL_TELEMETRY_OPT_OUT=1 RAGAS_DO_NOT_TRACK=true DO_NOT_TRACK=1 PYTHONWARNINGS=ignore GIT_PYTHON_REFRESH=quiet
export HF_HOME="$work/huggingface" HF_HUB_OFFLINE=1 HF_DATASETS_OFFLINE=1 HF_HUB_DISABLE_TELEMETRY=1
export HF_DATASETS_DISABLE_PROGRESS_BARS=1
failed=0
while read -r name packages; do
  "$work/$name/bin/python" test/python/check.py "$work/exports" "$name" < /dev/null || failed=1
done <<END
$suites
END
exit "$failed"
