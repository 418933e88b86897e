import { manifestOf } from '../../src/dataset/manifest.js';
import { casesFilesOf, type ExportFormat, type StoredCase } from '../../src/dataset/formats/format.js';
import { jsonLinesFrame } from '../../src/dataset/formats/frame.js';

export interface ManifestRow {
  readonly file?: string;
  readonly row: number;
  readonly case_id: string;
}

export interface WrittenExport {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly manifest: {
    readonly count: number;
    readonly rows: readonly ManifestRow[];
    readonly skipped: readonly { readonly case_id: string; readonly reason: string }[];
    readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  };
}

export const info = { dataset: 'refunds', snapshot: 3 };

/** Everything that an export of these cases would write, page by page. */
export async function written(
  format: ExportFormat,
  cases: readonly StoredCase[],
  pageSize = 7,
): Promise<WrittenExport> {
  const files = new Map<string, Buffer>();
  for (const path of casesFilesOf(format)) files.set(path, casesFile(format, path, cases, pageSize));
  const target = {
    ...info,
    projectId: 1,
    datasetId: '',
    hash: null,
    at: 1,
    since: 0,
    format,
    caseCount: null,
    largestRecord: 0,
  };
  let manifest = '';
  for await (const piece of manifestOf(target, () => pages(cases, pageSize))) manifest += piece;
  const parsed = JSON.parse(manifest);
  const rows = new Map<string, number>(
    parsed.files.flatMap((file: any) => ('rows' in file ? [[file.path, file.rows]] : [])),
  );
  for (const { path, content } of format.files(info, rows)) files.set(path, Buffer.from(content));
  return { files, manifest: parsed };
}

function casesFile(format: ExportFormat, path: string, cases: readonly StoredCase[], pageSize: number): Buffer {
  const frame = (format.frame ?? jsonLinesFrame)();
  const pieces = [frame.start()];
  for (let i = 0; i < cases.length; i += pageSize) {
    const lines = cases.slice(i, i + pageSize).flatMap((stored) => {
      const encoded = format.encode(stored, info);
      return 'line' in encoded && (encoded.file ?? format.casesFile) === path ? [encoded.line] : [];
    });
    pieces.push(frame.add(lines));
  }
  pieces.push(frame.end());
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}

async function* pages(cases: readonly StoredCase[], size: number): AsyncGenerator<readonly StoredCase[]> {
  for (let i = 0; i < cases.length; i += size) yield cases.slice(i, i + size);
}
