import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/graphiql.css';
import { createClient } from 'graphql-ws';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { apiError, ask, graphql } from './graphql.js';

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

const whoAmI = graphql(`
  query ExplorerViewer {
    viewer {
      project
    }
  }
`);

/** Signed out, every operation would be refused; so it is said before somebody writes one. */
function SignedOutNotice() {
  const [isSignedOut, setIsSignedOut] = useState(false);
  useEffect(() => {
    ask(whoAmI, {}).catch((error: unknown) => setIsSignedOut(apiError(error).code === 'UNAUTHENTICATED'));
  }, []);
  if (!isSignedOut) return null;
  return (
    <p role="status" style={{ margin: 0, padding: '0.6rem 1rem', font: '15px system-ui, sans-serif' }}>
      You are not signed in, so the service will refuse what you send. <a href="/">Sign in</a>, then come back here.
    </p>
  );
}

document.body.style.margin = '0';
const root = document.getElementById('root')!;
createRoot(root).render(
  <div style={{ display: 'flex', flexDirection: 'column', height: '100vh' }}>
    <SignedOutNotice />
    <div style={{ flex: 1, minHeight: 0 }}>
      <GraphiQL fetcher={fetcher} defaultQuery={example} />
    </div>
  </div>,
);
