import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { UsageError } from '../failure.js';

/**
 * The client of another system, which is not part of this program: from beside it, or from the folder that the command
 * is run in. Throws a UsageError that says how to install it.
 */
export async function loadClient<Module>(specifier: string): Promise<Module> {
  const packageName = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const place = resolvedFrom(specifier, import.meta.dirname) ?? resolvedFrom(specifier, process.cwd());
  if (place) return (await import(place)) as Module;
  throw new UsageError(
    `The package ${packageName} is not installed. Run: npm install ${packageName}\n` +
      'It is looked for beside countersign and in the folder that the command is run in.',
  );
}

function resolvedFrom(specifier: string, folder: string): string | null {
  try {
    return pathToFileURL(createRequire(join(folder, 'package.json')).resolve(specifier)).href;
  } catch {
    return null;
  }
}
