import type { Fault, Path } from './fault.js';
import type { PolicyRule } from './policy.js';

/** A fault for each rule that names a queue which is not among `keys`. */
export function queueFaults(rules: readonly PolicyRule[], keys: readonly string[], path: Path): Fault[] {
  const known = keys.length > 0 ? `there are ${keys.join(', ')}` : 'there is none yet';
  return rules.flatMap(({ name, queue }, i) =>
    queue === undefined || keys.includes(queue)
      ? []
      : [{ path: [...path, i, 'queue'], message: `rule "${name}": no queue has the key "${queue}"; ${known}` }],
  );
}
