import type { ExportFormat } from './format.js';
import { jsonl } from './jsonl.js';
import { promptfoo } from './promptfoo.js';

/** Every format that can be exported, by name. */
export const formats: ReadonlyMap<string, ExportFormat> = new Map([jsonl, promptfoo].map((f) => [f.name, f]));
