import 'reflect-metadata';

import { createApp } from './app.js';
import { migrate } from './database/migrate.js';

const databaseUrl = process.env.DATABASE_URL ?? '';
await migrate(databaseUrl);
const app = await createApp({
  host: '127.0.0.1',
  port: 4400,
  databaseUrl,
  secret: 'x'.repeat(32),
  introspection: true,
  poolSize: 10,
});
await app.listen(4400, '127.0.0.1');
