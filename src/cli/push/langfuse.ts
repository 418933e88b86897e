import { type Fields, type Held, heldBy, type PushTarget, type Row, setting } from './target.js';

/** What is used of `@langfuse/client`. */
interface Module {
  readonly LangfuseClient: new (options: Record<string, unknown>) => { readonly api: Api };
}
interface Api {
  readonly datasets: { create(body: Fields, options: Fields): Promise<unknown> };
  readonly datasetItems: {
    create(body: Fields, options: Fields): Promise<unknown>;
    list(
      query: Fields,
      options: Fields,
    ): Promise<{ readonly data: readonly Item[]; readonly meta: { readonly totalPages: number } }>;
  };
}
interface Item {
  readonly metadata?: unknown;
  readonly status?: string;
}

/** We try again ourselves; the client's five seconds are short for a large item. */
const ONCE = { maxRetries: 0, timeoutInSeconds: 60 };
const PAGE = 100;

/**
 * Items are put one by one, keyed by dataset and case: ids are unique in a whole project there. An item may be ARCHIVED,
 * which is what becomes of a retracted case.
 */
export const langfuse: PushTarget = {
  name: 'langfuse',
  title: 'Langfuse',
  packageName: '@langfuse/client',
  needs: [['LANGFUSE_PUBLIC_KEY'], ['LANGFUSE_SECRET_KEY']],
  reads: ['LANGFUSE_BASE_URL'],
  batchRows: 10,
  open: async ({ name, endpoint, env, load }) => {
    const { LangfuseClient } = await load<Module>('@langfuse/client');
    const { api } = new LangfuseClient({
      publicKey: setting(env, ['LANGFUSE_PUBLIC_KEY']),
      secretKey: setting(env, ['LANGFUSE_SECRET_KEY']),
      baseUrl: endpoint ?? setting(env, ['LANGFUSE_BASE_URL', 'LANGFUSE_BASEURL', 'LANGFUSE_HOST']),
    });
    await api.datasets.create({ name }, ONCE);
    const put = async (rows: readonly Row[]) => {
      const bodies = rows.map(({ caseId, fields }) => ({ ...fields, datasetName: name, id: `${name}/${caseId}` }));
      await settled(bodies.map((body) => api.datasetItems.create(body, ONCE)));
    };
    return {
      list: async function* () {
        for (let page = 1, pages = 1; page <= pages; page += 1) {
          const { data, meta } = await api.datasetItems.list({ datasetName: name, page, limit: PAGE }, ONCE);
          pages = meta.totalPages;
          for (const { metadata, status } of data) {
            const held = heldBy(metadata, status === 'ARCHIVED');
            if (held) yield held;
          }
        }
      },
      add: put,
      replace: put,
      // What is left out keeps its value.
      archive: async (all: readonly Held[]) => {
        const bodies = all.map(({ caseId }) => ({ datasetName: name, id: `${name}/${caseId}`, status: 'ARCHIVED' }));
        await settled(bodies.map((body) => api.datasetItems.create(body, ONCE)));
      },
    };
  },
};

/** Waits for all of them before it throws, so that none is still on its way when it is tried again. */
async function settled(all: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(all)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
