export interface Wanted {
  readonly dataset: string;
  readonly format: string;
  /** Its number; the empty text for the dataset as it is. */
  readonly snapshot: string;
}

/** What people want to know of an export before they take it. */
export interface Manifest {
  readonly count: number;
  readonly skipped: number;
  /** The most common first. */
  readonly reasons: readonly { reason: string; cases: number }[];
  readonly files: readonly { path: string; bytes: number | null; url: string }[];
}

interface Answer {
  readonly at: string;
  readonly count: number;
  readonly skipped: readonly { reason: string }[];
  readonly files: readonly { path: string; bytes: number }[];
  readonly errors?: readonly { message: string }[];
}

const MANIFEST = 'manifest.json';

/** Reads the manifest of an export. The files are those of the same state, also if the dataset has changed by then. */
export async function readManifest({ dataset, format, snapshot }: Wanted, signal: AbortSignal): Promise<Manifest> {
  const url = (file: string, state: Record<string, string>) =>
    `/export/${dataset}?${new URLSearchParams({ format, ...state, file }).toString()}`;
  const asked: Record<string, string> = snapshot === '' ? {} : { snapshot };
  const response = await fetch(url(MANIFEST, asked), { credentials: 'same-origin', signal });
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(answer.errors?.[0]?.message ?? 'The export was refused.');
  const state: Record<string, string> = snapshot === '' ? { at: answer.at } : { snapshot };
  const cases = new Map<string, number>();
  for (const { reason } of answer.skipped) cases.set(reason, (cases.get(reason) ?? 0) + 1);
  const files = [...answer.files.map(({ path, bytes }) => ({ path, bytes })), { path: MANIFEST, bytes: null }];
  return {
    count: answer.count,
    skipped: answer.skipped.length,
    reasons: [...cases].map(([reason, number]) => ({ reason, cases: number })).toSorted((a, b) => b.cases - a.cases),
    files: files.map((file) => ({ ...file, url: url(file.path, state) })),
  };
}
