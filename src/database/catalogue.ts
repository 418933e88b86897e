import * as sql from './catalogue.sql.js';
import type { Queryable } from './database.js';

const HEADER = `-- What the database guarantees: read from the catalogue of a migrated database by \`npm run schema\`.
-- \`npm run check\` compares the two. Write a migration, not this file.`;

/** The migrated database as text: the same on every supported PostgreSQL. */
export async function describeDatabase(database: Queryable): Promise<string> {
  const sections: string[] = [HEADER];
  for (const text of [sql.tables, sql.indexes, sql.functions, sql.triggers]) {
    const rows = await database.query<{ statement: string }>(text);
    sections.push(...rows.map(({ statement }) => statement.trim()));
  }
  return `${sections.join('\n\n')}\n`;
}
