import { braintrust } from './braintrust.js';
import { csv } from './csv.js';
import { csvExact } from './csv-exact.js';
import { deepeval } from './deepeval.js';
import { dpo } from './dpo.js';
import type { ExportFormat } from './format.js';
import { huggingface } from './huggingface.js';
import { inspect } from './inspect.js';
import { jsonl } from './jsonl.js';
import { langfuse } from './langfuse.js';
import { langsmith } from './langsmith.js';
import { mlflow } from './mlflow.js';
import { onlyPlain } from './only-plain.js';
import { openai } from './openai.js';
import { opik } from './opik.js';
import { phoenix } from './phoenix.js';
import { promptfoo, promptfooArray } from './promptfoo.js';
import { ragas } from './ragas.js';
import { sft } from './sft.js';
import { trlKto } from './trl-kto.js';
import { trlPreference } from './trl-preference.js';

/** Every format that can be exported, by name. */
export const formats: ReadonlyMap<string, ExportFormat> = new Map(
  [
    jsonl,
    promptfoo,
    promptfooArray,
    inspect,
    deepeval,
    onlyPlain(ragas),
    braintrust,
    langsmith,
    langfuse,
    phoenix,
    mlflow,
    opik,
    onlyPlain(openai),
    sft,
    dpo,
    trlPreference,
    trlKto,
    huggingface,
    onlyPlain(csv),
    csvExact,
  ].map((format) => [format.name, format]),
);
