import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Two pages: the reviewer's, kept small, and the API explorer, which is large and loaded only when asked for. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The explorer's editor is one large chunk by nature; the budget of the reviewer's page is checked on its own.
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: { input: { index: 'index.html', explorer: 'explorer.html' } },
  },
});
