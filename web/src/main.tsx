import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app.js';
import './app.css';
import { FaultBoundary } from './fault-boundary.js';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <FaultBoundary>
      <App />
    </FaultBoundary>
  </StrictMode>,
);
