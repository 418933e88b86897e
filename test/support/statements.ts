import { vi } from 'vitest';

import { Database } from '../../src/database/database.js';
import type { TestService } from './service.js';

/** The statements that a call sends to the database outside transactions, in order: their names, or texts without one. */
export async function statementsOf(service: TestService, call: () => Promise<unknown>): Promise<string[]> {
  const sent = vi.spyOn(service.app.get(Database), 'query');
  try {
    await call();
    return sent.mock.calls.map(([statement]) =>
      typeof statement === 'string' ? statement : (statement.name ?? statement.text),
    );
  } finally {
    sent.mockRestore();
  }
}
