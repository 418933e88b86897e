import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { encodeExportCursor } from './export.cursor.js';
import { encodingFor, etagOf, isKnown } from './export.encoding.js';
import { parseExportParameters } from './export.input.js';
import { ExportQueries } from './export.queries.js';
import { sendPieces } from './export.send.js';
import { Exporter } from './export.service.js';
import type { ExportTarget } from './export.target.js';

/**
 * `GET /export/:dataset`: one file of an export as a stream.
 *
 *     format    jsonl (default), promptfoo, or another of formats/
 *     file      the format's first file of cases (default), manifest.json, or another file that the manifest lists
 *     snapshot  its number; or at, a cursor from a `Countersign-At` header; left out: the dataset as it is now
 *     since     a cursor from an earlier `Countersign-At`: only what changed after it, retractions included
 *     after     the id of the last case that arrived: goes on behind it, where the format's lines hold ids
 *
 * The answer names its state in `Countersign-At`; asking for the other files, or again after a cut, with `at` set to
 * it gives the same export. A stream that breaks off ends without the closing chunk, which every HTTP client reports, and
 * without its trailers. An answer is compressed as `Accept-Encoding` asks (gzip, or zstd where Node has it), and its ETag
 * names the state of the dataset: sent back as `If-None-Match`, it is answered by 304 as long as that is the state.
 */
@Controller('export')
export class ExportController {
  constructor(
    private readonly queries: ExportQueries,
    private readonly exporter: Exporter,
  ) {}

  @Get(':dataset')
  @Allow({ scopes: [ApiKeyScope.EXPORT], roles: [Role.ADMIN, Role.MANAGER] })
  async export(
    @CurrentViewer() viewer: Viewer,
    @Param('dataset') dataset: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { request: wanted, file, after } = parseExportParameters(dataset, query);
    const name = file ?? wanted.format.casesFile;
    const names = this.exporter.filesOf(wanted.format);
    if (!names.includes(name)) {
      throw new Refusal(
        'INVALID_INPUT',
        `Format ${wanted.format.name} has no file "${name}"; it has ${names.join(', ')}.`,
      );
    }
    const target = await this.queries.target(viewer.projectId, wanted);
    describe(response, target, name);
    const encoding = encodingFor(request);
    const tag = etagOf(stateOf(target), encoding);
    response.setHeader('ETag', tag);
    if (isKnown(request.headers['if-none-match'], tag)) {
      response.status(304).end();
      return;
    }
    if (request.method === 'HEAD') {
      if (encoding) response.setHeader('Content-Encoding', encoding.name);
      response.end();
      return;
    }
    await sendPieces(response, this.exporter.read(target, name, after), encoding);
  }
}

function describe(response: Response, target: ExportTarget, file: string): void {
  const at = encodeExportCursor(target.datasetId, target.at);
  const manifest = new URLSearchParams({
    format: target.format.name,
    ...(target.snapshot === null ? { at } : { snapshot: String(target.snapshot) }),
    ...(target.since > 0 && { since: encodeExportCursor(target.datasetId, target.since) }),
    file: 'manifest.json',
  });
  response.setHeader('Countersign-At', at);
  if (target.hash) response.setHeader('Countersign-Dataset-Hash', target.hash);
  if (target.caseCount !== null) response.setHeader('Countersign-Cases', String(target.caseCount));
  response.setHeader('Link', `</export/${target.dataset}?${manifest.toString()}>; rel="describedby"`);
  response.setHeader('Content-Type', typeOf(file));
  response.setHeader('Content-Disposition', `attachment; filename="${file}"`);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'private, no-cache');
  response.setHeader('Vary', 'Accept-Encoding, Authorization');
}

function typeOf(file: string): string {
  if (file.endsWith('.parquet')) return 'application/vnd.apache.parquet';
  if (file.endsWith('.csv')) return 'text/csv; charset=utf-8; header=present';
  if (file.endsWith('.jsonl')) return 'application/jsonl; charset=utf-8';
  return `${file.endsWith('.json') ? 'application/json' : 'text/plain'}; charset=utf-8`;
}

/** The hash of the snapshot, or where the dataset stands, and which bytes are made of it. */
function stateOf({ datasetId, at, since, hash, format }: ExportTarget): string {
  const state = since === 0 && hash !== null ? hash : encodeExportCursor(datasetId, at);
  return `${state}.${format.name}.${format.version}`;
}
