import { UsageError } from '../failure.js';
import { untried } from './fetch.js';
import { type Fields, heldBy, type PushTarget, type Row, setting } from './target.js';

/** What is used of `braintrust`. */
interface Module {
  readonly initDataset: (options: Record<string, unknown>) => Dataset;
}
interface Dataset {
  readonly id: Promise<string>;
  readonly loggingState: { apiConn(): { post_json(path: string, body: Fields): Promise<unknown> } };
  fetch(options: Fields): AsyncIterable<{ readonly metadata?: unknown }>;
}

const PAGE = 500;

/**
 * Records are put by id; the same id again replaces the record. Signing in, the dataset and reading are their client's;
 * records go over its connection to the endpoint for inserting, because its own `insert` and `flush` keep a failed
 * request to themselves. There is no archive.
 */
export const braintrust: PushTarget = {
  name: 'braintrust',
  title: 'Braintrust',
  packageName: 'braintrust',
  needs: [['BRAINTRUST_API_KEY']],
  reads: ['BRAINTRUST_APP_URL', 'BRAINTRUST_API_URL', 'BRAINTRUST_ORG_NAME'],
  batchRows: 200,
  open: async ({ name, endpoint, env, load }) => {
    const [project = '', dataset = '', ...more] = name.split('/');
    if (!project || !dataset || more.length > 0) {
      throw new UsageError(`--name ${name}: a dataset of Braintrust is in a project; say --name PROJECT/DATASET.`);
    }
    const { initDataset } = await load<Module>('braintrust');
    const appUrl = endpoint ?? setting(env, ['BRAINTRUST_APP_URL']);
    const orgName = setting(env, ['BRAINTRUST_ORG_NAME']);
    const remote = initDataset({
      project,
      dataset,
      apiKey: setting(env, ['BRAINTRUST_API_KEY']),
      fetch: untried().fetch,
      forceLogin: true,
      ...(appUrl && { appUrl }),
      ...(orgName && { orgName }),
    });
    const id = await remote.id;
    const put = async (rows: readonly Row[]) => {
      const events = rows.map(({ caseId, fields }) => ({ ...fields, id: caseId }));
      await remote.loggingState.apiConn().post_json(`v1/dataset/${id}/insert`, { events });
    };
    return {
      list: async function* () {
        for await (const { metadata } of remote.fetch({ batchSize: PAGE })) {
          const held = heldBy(metadata);
          if (held) yield held;
        }
      },
      add: put,
      replace: put,
    };
  },
};
