import { type Untried, untried } from './fetch.js';
import { idIn } from './ids.js';
import { faultOf } from './fault.js';
import { type Fields, heldBy, idFrom, type PushTarget, type Row, setting } from './target.js';

/** What is used of `langsmith`. */
interface Module {
  readonly Client: new (options: Record<string, unknown>) => Client;
}
interface Client {
  hasDataset(which: { datasetName: string }): Promise<boolean>;
  readDataset(which: { datasetName: string }): Promise<{ readonly id?: unknown }>;
  createDataset(name: string, options: Fields): Promise<{ readonly id?: unknown }>;
  /** Puts examples without reading each of them back, as createExamples does. Said to go, so not relied on. */
  uploadExamplesMultipart?(datasetId: string, examples: readonly Fields[]): Promise<unknown>;
  createExamples(examples: readonly Fields[]): Promise<unknown>;
  updateExamples(examples: readonly Fields[]): Promise<unknown>;
  listExamples(which: Fields): AsyncIterable<{ readonly metadata?: unknown }>;
}

/** Their client would try four times more, whatever went wrong: its hook is the place to say no. */
function once({ fetch, failure }: Untried) {
  const onFailedResponseHook = async () => {
    const error = failure();
    if (error) throw error;
    return false;
  };
  return { fetchImplementation: fetch, callerOptions: { onFailedResponseHook } };
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
      ...once(untried()),
      autoBatchTracing: false,
    });
    const isThere = await client.hasDataset({ datasetName: name });
    const datasetId = idFrom(
      'LangSmith',
      isThere ? await client.readDataset({ datasetName: name }) : await client.createDataset(name, {}),
    );
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
