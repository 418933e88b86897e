import { CommandFailure } from './failure.js';

/** What manifest.json says, as far as this program reads it. */
export interface Manifest {
  readonly schema: string;
  readonly dataset: string;
  readonly snapshot: number | null;
  readonly at: string;
  readonly since: string | null;
  readonly format: string;
  readonly format_version: number;
  readonly count: number;
  readonly dataset_hash: string | null;
  readonly skipped: readonly { readonly case_id: string; readonly reason: string }[];
  readonly retracted: readonly { readonly case_id: string }[];
  readonly files: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly rows?: number;
  }[];
}

/** What a file on disk is. */
export interface Checked {
  readonly sha256: string;
  readonly bytes: number;
}

/** A manifest comes over the network and names files to write: only plain names are taken. */
export function readManifest(text: string): Manifest {
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.schema !== 'countersign.manifest/1' || !Array.isArray(manifest.files)) {
    throw new CommandFailure('The service sent a manifest.json that this version does not know.');
  }
  for (const { path } of manifest.files) {
    if (!/^[A-Za-z0-9][\w.-]*$/.test(path))
      throw new CommandFailure(`manifest.json names a file that is not plain: ${path}`);
  }
  return manifest;
}

/** The manifest is made apart from the files, so that both agree proves that the download is whole. */
export function checkFiles(manifest: Manifest, files: ReadonlyMap<string, Checked>): void {
  for (const { path, sha256, bytes } of manifest.files) {
    const file = files.get(path);
    if (file?.sha256 === sha256 && file.bytes === bytes) continue;
    throw new CommandFailure(
      `${path} is not what manifest.json says (${file?.bytes ?? 0} of ${bytes} bytes). Nothing was put in place; run it again.`,
    );
  }
  const rows = manifest.files.reduce((sum, file) => sum + (file.rows ?? 0), 0);
  if (rows !== manifest.count)
    throw new CommandFailure('manifest.json counts other rows than its files of cases have.');
}
