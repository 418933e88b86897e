import { idIn } from './ids.js';
import { faultOf } from './fault.js';
import { type Fields, fieldsOf, heldBy, idFrom, type PushTarget, type Row, setting } from './target.js';

/** What is used of `opik`. */
interface Module {
  readonly Opik: new (options: Record<string, unknown>) => { readonly api: { readonly datasets: Datasets } };
}
interface Datasets {
  getDatasetByIdentifier(which: Fields, options: Fields): Promise<{ readonly id?: unknown } | undefined>;
  createDataset(what: Fields, options: Fields): Promise<unknown>;
  createOrUpdateDatasetItems(what: Fields, options: Fields): Promise<unknown>;
  getDatasetItems(
    id: string,
    query: Fields,
    options: Fields,
  ): Promise<{ readonly content?: readonly { readonly data?: unknown }[]; readonly total?: number }>;
}

const ONCE = { maxRetries: 0, timeoutInSeconds: 60 };
const PAGE = 100;

/** Items are put by id, a UUIDv7 that may not stand in two datasets. There is no archive. */
export const opik: PushTarget = {
  name: 'opik',
  title: 'Opik',
  packageName: 'opik',
  needs: [],
  reads: ['OPIK_URL_OVERRIDE', 'OPIK_API_KEY', 'OPIK_WORKSPACE'],
  batchRows: 200,
  open: async ({ name, dataset, endpoint, env, load }) => {
    const { Opik } = await load<Module>('opik');
    const apiUrl = endpoint ?? setting(env, ['OPIK_URL_OVERRIDE']);
    const [apiKey, workspaceName] = [setting(env, ['OPIK_API_KEY']), setting(env, ['OPIK_WORKSPACE'])];
    const { datasets } = new Opik({
      ...(apiUrl && { apiUrl }),
      ...(apiKey && { apiKey }),
      ...(workspaceName && { workspaceName }),
    }).api;
    const find = () => datasets.getDatasetByIdentifier({ datasetName: name }, ONCE);
    const id = await find()
      .catch(async (error: unknown) => {
        if (faultOf(error).status !== 404) throw error;
        await datasets.createDataset({ name }, ONCE);
        return find();
      })
      .then((found) => idFrom('Opik', found));
    const put = async (rows: readonly Row[]) => {
      const items = rows.map(({ caseId, fields }) => ({ ...fields, id: idIn(name, dataset, caseId) }));
      await datasets.createOrUpdateDatasetItems({ datasetName: name, items }, ONCE);
    };
    return {
      list: async function* () {
        for (let page = 1, seen = 0; ; page += 1) {
          const query = { page, size: PAGE, truncate: false };
          const { content = [], total = 0 } = await datasets.getDatasetItems(id, query, ONCE);
          for (const { data } of content) {
            const held = heldBy(fieldsOf(data).metadata);
            if (held) yield held;
          }
          seen += content.length;
          if (content.length === 0 || seen >= total) return;
        }
      },
      add: put,
      replace: put,
    };
  },
};
