import 'reflect-metadata';
import { afterAll, vi } from 'vitest';

// The files of a worker share its process: what one has put in place of the environment or of a function ends with it.
afterAll(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
