import { idIn } from './ids.js';
import { faultOf } from './fault.js';
import { type Fields, heldBy, type PushTarget, type Row, setting } from './target.js';

/** What is used of `langsmith`. */
interface Module {
  readonly Client: new (options: Record<string, unknown>) => Client;
}
interface Client {
  hasDataset(which: { datasetName: string }): Promise<boolean>;
  readDataset(which: { datasetName: string }): Promise<{ readonly id: string }>;
  createDataset(name: string, options: Fields): Promise<{ readonly id: string }>;
  /** Puts examples without reading each of them back, as createExamples does. Said to go, so not relied on. */
  uploadExamplesMultipart?(datasetId: string, examples: readonly Fields[]): Promise<unknown>;
  createExamples(examples: readonly Fields[]): Promise<unknown>;
  updateExamples(examples: readonly Fields[]): Promise<unknown>;
  listExamples(which: Fields): AsyncIterable<{ readonly metadata?: unknown }>;
}

/** The server is busy, and said for how long. */
class BusyError extends Error {
  constructor(
    readonly status: number,
    readonly response: Response,
  ) {
    super(`${status} ${response.statusText}`.trim());
  }
}

/**
 * Options that hand a busy server to us at once: their client would try four times more and not wait as long as it was
 * asked to. It tells its hook of a failure, but not of the answer, so that is kept by the fetch it is given.
 */
function untried() {
  let busy: Response | null = null;
  return {
    fetchImplementation: async (...args: Parameters<typeof fetch>) => {
      const response = await fetch(...args);
      busy = response.status === 429 || response.status >= 500 ? response : null;
      return response;
    },
    callerOptions: {
      onFailedResponseHook: async () => {
        if (busy) throw new BusyError(busy.status, busy);
        return false;
      },
    },
  };
}

/**
 * Examples are made in batches and changed in batches, by two requests, so it matters whether one is there. An id may not
 * stand in two datasets. There is no archive: a retracted case stays and is told of.
 */
export const langsmith: PushTarget = {
  name: 'langsmith',
  title: 'LangSmith',
  packageName: 'langsmith',
  needs: [['LANGSMITH_API_KEY', 'LANGCHAIN_API_KEY']],
  reads: ['LANGSMITH_ENDPOINT', 'LANGSMITH_WORKSPACE_ID'],
  batchRows: 100,
  open: async ({ name, dataset, endpoint, env, load }) => {
    const { Client } = await load<Module>('langsmith');
    const apiUrl = endpoint ?? setting(env, ['LANGSMITH_ENDPOINT', 'LANGCHAIN_ENDPOINT']);
    const client = new Client({
      apiKey: setting(env, ['LANGSMITH_API_KEY', 'LANGCHAIN_API_KEY']),
      ...(apiUrl && { apiUrl }),
      ...untried(),
      autoBatchTracing: false,
    });
    const isThere = await client.hasDataset({ datasetName: name });
    const { id: datasetId } = isThere
      ? await client.readDataset({ datasetName: name })
      : await client.createDataset(name, {});
    const example = ({ caseId, fields }: Row) => ({
      ...fields,
      id: idIn(name, dataset, caseId),
      dataset_id: datasetId,
    });
    // Outputs that are left out stay as they were: a case that lost its reference has none.
    const change = (rows: readonly Row[]) =>
      client.updateExamples(rows.map((row) => ({ ...example(row), outputs: row.fields.outputs ?? {} })));
    return {
      list: async function* () {
        for await (const { metadata } of client.listExamples({ datasetId })) {
          const held = heldBy(metadata);
          if (held) yield held;
        }
      },
      add: async (rows) => {
        try {
          const examples = rows.map(example);
          if (client.uploadExamplesMultipart) await client.uploadExamplesMultipart(datasetId, examples);
          else await client.createExamples(examples);
        } catch (error) {
          // The answer to an earlier try was lost, and the examples are there.
          if (faultOf(error).status !== 409) throw error;
          await change(rows);
        }
      },
      replace: async (rows) => void (await change(rows)),
    };
  },
};
