import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Client } from './client.js';
import { type Manifest, readManifest } from './export.check.js';
import type { Wanted } from './export.download.js';

/**
 * Whether a folder already holds what an export would write: the same dataset in the same state and format, and the
 * cases still as they were exported. Other files need only be there: people put their application into them. One
 * request without a body; whatever is not certain is a no, and is exported.
 */
export async function isUnchanged(client: Client, wanted: Wanted, folder: string): Promise<boolean> {
  const manifest = await readFile(join(folder, 'manifest.json'), 'utf8')
    .then(readManifest)
    .catch(() => null);
  if (!manifest) return false;
  const { dataset, format, snapshot, since } = wanted;
  const isAsked = manifest.dataset === dataset && manifest.format === format;
  if (!isAsked || manifest.snapshot !== snapshot || manifest.since !== since) return false;
  return (await isWhole(folder, manifest)) && (await isNewest(client, wanted, manifest));
}

async function isWhole(folder: string, { files }: Manifest): Promise<boolean> {
  for (const { path, sha256, rows } of files) {
    if (!existsSync(join(folder, path))) return false;
    if (rows !== undefined && (await hashOf(join(folder, path))) !== sha256) return false;
  }
  return true;
}

export async function hashOf(path: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) sum.update(chunk);
  return sum.digest('hex');
}

/**
 * Asked by the tag that the files came with, which the manifest tells: 304 means that they are what there is. A state has
 * the hash of its snapshot or, where there is none, its cursor.
 */
async function isNewest(client: Client, wanted: Wanted, manifest: Manifest): Promise<boolean> {
  const query = new URLSearchParams({ format: wanted.format });
  if (wanted.snapshot !== null) query.set('snapshot', String(wanted.snapshot));
  if (wanted.since !== null) query.set('since', wanted.since);
  const { snapshot, dataset_hash: hash, at, format, format_version: version } = manifest;
  const tag = `"${snapshot === null || hash === null ? at : hash}.${format}.${version}"`;
  const url = `${wanted.url}/export/${encodeURIComponent(wanted.dataset)}?${query.toString()}`;
  const headers = { ...client.headers(), 'if-none-match': tag };
  const response = await fetch(url, { method: 'HEAD', headers }).catch(() => null);
  return response?.status === 304;
}
