import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and those above it, and returns the ones that were missing. Throws a NodeJS.ErrnoException whose `path`
 * is where it failed.
 *
 * One by one, because mkdir's own `recursive` tries for ever where a parent is there and still says ENOENT: under /proc.
 */
export function makeFolders(folder: string): string[] {
  const missing: string[] = [];
  let parent = path.resolve(folder);
  for (; !fs.existsSync(parent); parent = path.dirname(parent)) missing.unshift(parent);
  if (!fs.statSync(parent).isDirectory()) {
    throw Object.assign(new Error(`${parent} is not a folder`), { code: 'ENOTDIR', path: parent });
  }
  return missing.filter(make);
}

/** False when somebody else made it meanwhile. */
function make(folder: string): boolean {
  try {
    fs.mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
