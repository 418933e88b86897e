/** A line, or a mapping, that cannot be used; the message is for the person at the terminal. */
export class MappingError extends Error {}

export type Steps = readonly (string | number)[];

/** `$.a.b[0]["odd key"]`; the leading `$` may be left out, and `$` alone is the whole line. */
export function parsePath(path: string): Steps {
  const steps: (string | number)[] = [];
  const pattern = /\.?([^.[\]]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gy;
  let at = /^\$(?=$|[.[])/.test(path) ? 1 : 0;
  while (at < path.length) {
    pattern.lastIndex = at;
    const found = pattern.exec(path);
    if (!found) throw new MappingError(`the path ${path} is not understood at ${JSON.stringify(path.slice(at))}`);
    const [whole, name, index, quoted] = found;
    if (name !== undefined) steps.push(name);
    else steps.push(index !== undefined ? Number(index) : (JSON.parse(quoted!) as string));
    at += whole.length;
  }
  return steps;
}

export function valueAt(value: unknown, steps: Steps): unknown {
  let here = value;
  for (const step of steps) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}
