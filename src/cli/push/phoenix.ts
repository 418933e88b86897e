import { type Fields, heldBy, type PushTarget, type Row, setting } from './target.js';

/** What is used of `@arizeai/phoenix-client`. */
interface Core {
  readonly createClient: (config: { options: Fields }) => Client;
}
interface Client {
  GET(path: string, options: Fields): Promise<{ readonly data?: { readonly data?: readonly Fields[] } }>;
}
interface Datasets {
  appendDatasetExamples(what: Fields): Promise<unknown>;
  getDatasetExamples(which: Fields): Promise<{ readonly examples: readonly { readonly metadata?: unknown }[] }>;
}

/**
 * Always appended: the action with which their client makes datasets deletes what is not in the upload. An example with
 * the id of one that is there is its next revision (server 15 or newer). There is no archive.
 */
export const phoenix: PushTarget = {
  name: 'phoenix',
  title: 'Arize Phoenix',
  packageName: '@arizeai/phoenix-client',
  needs: [],
  reads: ['PHOENIX_HOST', 'PHOENIX_API_KEY'],
  batchRows: 200,
  open: async ({ name, endpoint, env, load }) => {
    const { createClient } = await load<Core>('@arizeai/phoenix-client');
    const datasets = await load<Datasets>('@arizeai/phoenix-client/datasets');
    const baseUrl = endpoint ?? setting(env, ['PHOENIX_HOST', 'PHOENIX_COLLECTOR_ENDPOINT']);
    const key = setting(env, ['PHOENIX_API_KEY']);
    const client = createClient({
      options: { ...(baseUrl && { baseUrl }), ...(key && { headers: { Authorization: `Bearer ${key}` } }) },
    });
    const put = async (rows: readonly Row[]) => {
      await datasets.appendDatasetExamples({
        client,
        dataset: { datasetName: name },
        examples: rows.map(({ caseId, fields }) => ({ ...fields, id: caseId })),
      });
    };
    return {
      list: async function* () {
        const { data: found } = await client.GET('/v1/datasets', { params: { query: { name } } });
        const datasetId = found?.data?.find((one) => one.name === name)?.id;
        if (typeof datasetId !== 'string') return;
        const { examples } = await datasets.getDatasetExamples({ client, dataset: { datasetId } });
        for (const { metadata } of examples) {
          const held = heldBy(metadata);
          if (held) yield held;
        }
      },
      add: put,
      replace: put,
    };
  },
};
