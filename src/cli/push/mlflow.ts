import { type Fields, fieldsOf, heldBy, idFrom, type PushTarget, type Row, setting } from './target.js';

const PAGE = 500;

/** What the tracking server answered instead of doing it; faultOf reads it. */
class MlflowError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly response: Response,
  ) {
    super(message);
  }
}

/**
 * MLflow's datasets of evaluation records have no client on npm, so this speaks its REST API (3.0). A record with the same
 * inputs as one that is there is merged into it: the case's id is one of the inputs, so a case is its own record. What a
 * new revision no longer has, such as its expected output, stays in the record. There is no archive.
 */
export const mlflow: PushTarget = {
  name: 'mlflow',
  title: 'MLflow',
  packageName: null,
  needs: [],
  reads: ['MLFLOW_TRACKING_URI', 'MLFLOW_TRACKING_TOKEN', 'MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD'],
  batchRows: 200,
  open: async ({ name, endpoint, env }) => {
    const base = endpoint ?? setting(env, ['MLFLOW_TRACKING_URI']) ?? 'http://127.0.0.1:5000';
    const ask = caller(base.replace(/\/+$/, ''), authorization(env));
    const id = (await find(ask, name)) ?? (await create(ask, name));
    const path = `datasets/${encodeURIComponent(id)}/records`;
    const put = async (rows: readonly Row[]) => {
      await ask('POST', path, { records: JSON.stringify(rows.map(({ fields }) => fields)) });
    };
    return {
      list: async function* () {
        for (let token = ''; ;) {
          const query = new URLSearchParams({ max_results: String(PAGE), ...(token && { page_token: token }) });
          const page = await ask('GET', `${path}?${query.toString()}`);
          for (const record of parsed(page.records)) {
            const held = heldBy(parsedFields(fieldsOf(record).tags));
            if (held) yield held;
          }
          token = String(page.next_page_token ?? '');
          if (!token) return;
        }
      },
      add: put,
      replace: put,
    };
  },
};

type Ask = (method: string, path: string, body?: Fields) => Promise<Fields>;

function caller(base: string, headers: Record<string, string>): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${base}/api/3.0/mlflow/${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (!response.ok) throw new MlflowError(messageOf(text) || response.statusText, response.status, response);
    return fieldsOf(JSON.parse(text || '{}'));
  };
}

async function find(ask: Ask, name: string): Promise<string | null> {
  const filter = { filter_string: `name = '${name.replaceAll("'", "''")}'`, max_results: 50 };
  const { datasets } = await ask('POST', 'datasets/search', filter);
  const found = (Array.isArray(datasets) ? datasets : []).map(fieldsOf).find((one) => one.name === name);
  return typeof found?.dataset_id === 'string' ? found.dataset_id : null;
}

async function create(ask: Ask, name: string): Promise<string> {
  const { dataset } = await ask('POST', 'datasets/create', { name });
  return idFrom('MLflow', { id: fieldsOf(dataset).dataset_id });
}

function authorization(env: NodeJS.ProcessEnv): Record<string, string> {
  const token = setting(env, ['MLFLOW_TRACKING_TOKEN']);
  if (token) return { authorization: `Bearer ${token}` };
  const [user, password] = [setting(env, ['MLFLOW_TRACKING_USERNAME']), setting(env, ['MLFLOW_TRACKING_PASSWORD'])];
  if (!user) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}

/** Some fields are JSON in a string, depending on the version of the server. */
function parsed(value: unknown): readonly unknown[] {
  const list = typeof value === 'string' && value !== '' ? (JSON.parse(value) as unknown) : value;
  return Array.isArray(list) ? list : [];
}

function parsedFields(value: unknown): Fields {
  try {
    return fieldsOf(typeof value === 'string' ? (JSON.parse(value) as unknown) : value);
  } catch {
    return {};
  }
}

function messageOf(text: string): string {
  const { message } = parsedFields(text);
  return typeof message === 'string' ? message : text;
}
