/**
 * The checks of a case as code that goes into exports; constant. `right` is what is right, as text with its kind: the
 * expected output and its alternatives. A case passes when all of its checks do.
 *
 * The two say the same, so that a case is judged alike whichever suite runs it: text is equal to the last character, a
 * JSON value as a value, whatever the order of its keys.
 */
export const checksInJavaScript = `\
const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
};
const canonical = (text) => {
  try {
    return JSON.stringify(sorted(JSON.parse(text)));
  } catch {
    return null;
  }
};
const passes = ({ kind, value }, output, right) => {
  const sameJson = (text) => canonical(output) !== null && canonical(output) === canonical(text);
  if (kind === 'contains') return output.includes(value);
  if (kind === 'not_contains') return !output.includes(value);
  if (kind === 'choice') return value.includes(output);
  if (kind === 'regex') return new RegExp(value, 'u').test(output);
  if (kind !== 'exact' && kind !== 'json_equal') return false;
  if (value !== undefined) return kind === 'exact' ? output === value : sameJson(JSON.stringify(value));
  return right.some((one) => (kind === 'exact' && one.kind === 'text' ? output === one.text : sameJson(one.text)));
};
`;

export const checksInPython = `\
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
`;
