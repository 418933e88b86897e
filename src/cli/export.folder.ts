import { existsSync, readFileSync } from 'node:fs';
import { readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

import { makeFolders } from '../database/embedded/new-folder.js';
import { hashOf } from './export.changed.js';
import { type Manifest, readManifest } from './export.check.js';
import { UsageError, whyNot } from './failure.js';

/** The folder of an export, and the one inside it where the files are until all of them are there. */
export class ExportFolder {
  readonly partial: string;
  private readonly isOurs: boolean;

  /** Throws a UsageError when the folder cannot be made, or has a file of somebody else's with one of these names. */
  constructor(
    readonly path: string,
    names: readonly string[],
  ) {
    this.partial = join(path, '.partial');
    this.isOurs = !existsSync(path);
    const other = this.otherFile(names);
    if (other !== null) {
      throw new UsageError(
        `--out ${path} has a ${other} that no export wrote, and this one would replace it. Name an empty or a new folder.`,
      );
    }
    try {
      makeFolders(this.partial);
    } catch (error) {
      throw new UsageError(`--out ${path} cannot be written to: ${whyNot(error)}.`);
    }
  }

  /** While there is a `.partial`, an export was cut, perhaps between taking the old manifest away and the new one. */
  private otherFile(names: readonly string[]): string | null {
    if (existsSync(this.partial)) return null;
    const ours = new Set(this.exportedFiles());
    return names.find((name) => !ours.has(name) && existsSync(join(this.path, name))) ?? null;
  }

  private exportedFiles(): string[] {
    try {
      const { files } = readManifest(readFileSync(join(this.path, 'manifest.json'), 'utf8'));
      return ['manifest.json', ...files.map(({ path }) => path)];
    } catch {
      return [];
    }
  }

  /** After a failure: what arrived stays, and where nothing did nothing is left behind. */
  async leave(): Promise<void> {
    await rmdir(this.partial)
      .then(() => (this.isOurs ? rmdir(this.path) : undefined))
      .catch(() => undefined);
  }

  /**
   * Puts the files in place; returns those of the export that was there before which somebody has changed. They stay
   * where this one has none of that name, or else beside it as `NAME.before`. The old manifest goes first and the new one comes last: whatever happens in
   * between, nothing looks whole that is not.
   */
  async finish(manifest: Manifest): Promise<string[]> {
    const before = await readFile(join(this.path, 'manifest.json'), 'utf8')
      .then(readManifest)
      .catch(() => null);
    await rm(join(this.path, 'manifest.json'), { force: true });
    const names = new Set(manifest.files.map(({ path }) => path));
    const kept: string[] = [];
    for (const file of before?.files ?? []) {
      if (await this.remove(file)) continue;
      const place = names.has(file.path) ? `${file.path}.before` : file.path;
      await rename(join(this.path, file.path), join(this.path, place));
      kept.push(place);
    }
    for (const name of names) await rename(join(this.partial, name), join(this.path, name));
    await rename(join(this.partial, 'manifest.json'), join(this.path, 'manifest.json'));
    await rm(this.partial, { recursive: true });
    return kept;
  }

  /** False when the file is not as it was exported. */
  private async remove({ path, sha256 }: Manifest['files'][number]): Promise<boolean> {
    const file = join(this.path, path);
    if (!existsSync(file)) return true;
    if ((await hashOf(file).catch(() => null)) !== sha256) return false;
    await rm(file);
    return true;
  }
}
