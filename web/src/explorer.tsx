import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/graphiql.css';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';

const example = `# Countersign's API, as you are signed in. Everything stays on this machine.
query WhoAmI {
  viewer { project role member { name } }
  queues { key name stats { open leased resolved } }
}
`;

const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  wsClient: createClient({ url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql` }),
});

document.body.style.margin = '0';
const root = document.getElementById('root')!;
root.style.height = '100vh';
createRoot(root).render(<GraphiQL fetcher={fetcher} defaultQuery={example} />);
