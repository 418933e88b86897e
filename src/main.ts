import 'reflect-metadata';

import { createApp } from './app.js';
import { completeConfig, readSettings } from './config.js';
import { migrate } from './database/migrate.js';

const settings = readSettings(process.env);
const databaseUrl = settings.databaseUrl ?? '';
await migrate(databaseUrl);
const app = await createApp(completeConfig(settings, databaseUrl, settings.secret ?? ''));
await app.listen(settings.port, settings.host);
