/**
 * Of each system: the least of a server that its own client works with, the lines that its documentation gives for
 * putting items into a dataset, and which requests carry the items and which ask for them.
 */
const KEY = 'a-key-of-the-vendor-4711';

export const vendors = {
  langfuse: {
    env: { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: KEY },
    answer(store) {
      return ({ method, path, query, body }) => {
        if (path === '/api/public/v2/datasets') return { body: { id: 'd', name: body.name } };
        if (path !== '/api/public/dataset-items') return null;
        if (method === 'POST') {
          const { id, ...rest } = body;
          store.set(id, { ...store.get(id), ...rest });
          return { body: { id, ...body } };
        }
        const all = [...store].map(([id, item]) => ({ id, ...item }));
        const [page, limit] = [Number(query.get('page')), 2];
        const meta = { page, limit, totalItems: all.length, totalPages: Math.ceil(all.length / limit) };
        return { body: { data: all.slice((page - 1) * limit, page * limit), meta } };
      };
    },
    async direct(url, name, rows) {
      const { LangfuseClient } = await import('@langfuse/client');
      const langfuse = new LangfuseClient({ publicKey: 'pk-lf-1', secretKey: KEY, baseUrl: url });
      await langfuse.api.datasets.create({ name });
      for (const row of rows) {
        await langfuse.api.datasetItems.create({ ...row, datasetName: name, id: `${name}/${row.metadata.case_id}` });
      }
    },
    items: ({ method, path, body }) => (method === 'POST' && path.endsWith('/dataset-items') ? [body] : []),
    lists: ({ method, path }) => method === 'GET' && path.endsWith('/dataset-items'),
    hasArchive: true,
  },

  langsmith: {
    env: { LANGSMITH_API_KEY: KEY },
    answer(store) {
      const dataset = { id: '0192a3b4-c5d6-7e8f-9012-3456789abcde', name: 'cases' };
      let isMade = false;
      return ({ method, path, query, body }) => {
        if (path === '/info') return { body: { instance_flags: { dataset_examples_multipart_enabled: true } } };
        if (path === '/datasets' && method === 'POST') {
          isMade = true;
          return { body: { ...dataset, name: body.name } };
        }
        if (path === '/datasets') return { body: isMade ? [dataset] : [] };
        if (path.startsWith('/examples/')) return { body: { id: path.slice(10) } };
        if (path === '/examples') {
          const [offset, limit] = [Number(query.get('offset')), Number(query.get('limit'))];
          return { body: [...store.values()].slice(offset, offset + limit) };
        }
        if (!path.endsWith(`/datasets/${dataset.id}/examples`)) return null;
        const ids = Object.keys(body).filter((key) => !key.includes('.'));
        if (method === 'POST' && ids.some((id) => store.has(id))) return { status: 409, body: { detail: 'exists' } };
        for (const id of ids) {
          store.set(id, { id, ...body[id], inputs: body[`${id}.inputs`], outputs: body[`${id}.outputs`] });
        }
        return { body: { example_ids: ids, count: ids.length } };
      };
    },
    async direct(url, name, rows) {
      const { Client } = await import('langsmith');
      const client = new Client({ apiUrl: url, apiKey: KEY });
      const dataset = await client.createDataset(name);
      await client.createExamples(rows.map((row) => ({ ...row, dataset_id: dataset.id })));
    },
    items: ({ path, body }) => (/datasets\/.*\/examples$/.test(path) ? [body] : []),
    lists: ({ path }) => path === '/examples',
  },

  phoenix: {
    env: { PHOENIX_API_KEY: KEY },
    answer(store) {
      const version = { 'x-phoenix-server-version': '15.1.0' };
      return ({ method, path, body }) => {
        if (path === '/arize_phoenix_version') return { headers: version, body: '15.1.0' };
        if (path === '/v1/datasets') {
          return { headers: version, body: { data: store.size > 0 ? [{ id: 'D1', name: 'cases' }] : [] } };
        }
        if (path === '/v1/datasets/D1/examples') {
          const examples = [...store.values()].map((one) => ({ ...one, node_id: 'n', updated_at: new Date(0) }));
          return { headers: version, body: { data: { dataset_id: 'D1', version_id: 'V1', examples } } };
        }
        if (method !== 'POST' || path !== '/v1/datasets/upload') return null;
        body.example_ids.forEach((id, i) => {
          store.set(id, { id, input: body.inputs[i], output: body.outputs[i], metadata: body.metadata[i] });
        });
        return { headers: version, body: { data: { dataset_id: 'D1', version_id: 'V1' } } };
      };
    },
    async direct(url, name, rows) {
      const { createClient } = await import('@arizeai/phoenix-client');
      const { appendDatasetExamples } = await import('@arizeai/phoenix-client/datasets');
      const client = createClient({ options: { baseUrl: url, headers: { Authorization: `Bearer ${KEY}` } } });
      await appendDatasetExamples({ client, dataset: { datasetName: name }, examples: rows });
    },
    items: ({ path, query, body }) => (path === '/v1/datasets/upload' ? [{ ...body, sync: query.get('sync') }] : []),
    lists: ({ path }) => path === '/v1/datasets/D1/examples',
  },

  opik: {
    env: { OPIK_API_KEY: KEY, OPIK_WORKSPACE: 'acme' },
    answer(store) {
      let isMade = false;
      return ({ method, path, query, body }) => {
        if (path.endsWith('/datasets/retrieve')) {
          return isMade ? { body: { id: 'D1', name: body.dataset_name } } : { status: 404, body: { message: 'none' } };
        }
        if (path.endsWith('/private/datasets') && method === 'POST') {
          isMade = true;
          return { status: 201 };
        }
        if (path.endsWith('/datasets/items') && method === 'PUT') {
          for (const item of body.items) store.set(item.id, item);
          return { status: 204 };
        }
        if (!path.endsWith('/datasets/D1/items')) return null;
        const [page, size] = [Number(query.get('page')), 2];
        const all = [...store.values()];
        return { body: { content: all.slice((page - 1) * size, page * size), page, size, total: all.length } };
      };
    },
    async direct(url, name, rows) {
      const { Opik } = await import('opik');
      const client = new Opik({ apiUrl: url, apiKey: KEY, workspaceName: 'acme' });
      await client.api.datasets.createOrUpdateDatasetItems({ datasetName: name, items: rows });
    },
    items: ({ method, path, body }) => (method === 'PUT' && path.endsWith('/datasets/items') ? [body] : []),
    lists: ({ path }) => path.endsWith('/datasets/D1/items'),
  },

  braintrust: {
    env: { BRAINTRUST_API_KEY: KEY },
    name: 'countersign/cases',
    answer(store, url) {
      const put = (row) => store.set(row.id, row);
      return ({ path, body }) => {
        if (path.endsWith('/login')) {
          return {
            body: { org_info: [{ id: 'o1', name: 'acme', api_url: url(), proxy_url: url(), is_universal_api: true }] },
          };
        }
        if (path.endsWith('/dataset/register')) {
          return { body: { project: { id: 'p1', name: 'countersign' }, dataset: { id: 'D1', name: 'cases' } } };
        }
        if (path === '/version') return { body: {} };
        if (path === '/v1/dataset/D1/insert') {
          body.events.forEach(put);
          return { body: { row_ids: body.events.map(({ id }) => id) } };
        }
        if (path === '/logs3') {
          body.rows.forEach(put);
          return { body: {} };
        }
        if (path === '/btql') return { body: { data: [...store.values()], cursor: null } };
        return null;
      };
    },
    async direct(url, name, rows) {
      const { initDataset } = await import('braintrust');
      const [project, dataset] = name.split('/');
      const remote = initDataset({ project, dataset, apiKey: KEY, appUrl: url, forceLogin: true });
      for (const row of rows) remote.insert(row);
      await remote.flush();
    },
    // Theirs goes through their logger, which does not tell of failures; ours to the endpoint for inserting.
    items: ({ path, body }) =>
      path === '/logs3'
        ? body.rows.map(onlyRecord)
        : path === '/v1/dataset/D1/insert'
          ? body.events.map(onlyRecord)
          : [],
    lists: ({ path }) => path === '/btql',
  },
};

function onlyRecord({ id, input, expected, metadata, tags }) {
  return { id, input, expected, metadata, tags };
}
