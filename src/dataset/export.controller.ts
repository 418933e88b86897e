import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';

import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { encodeExportCursor } from './export.cursor.js';
import { parseExportParameters } from './export.input.js';
import { ExportQueries } from './export.queries.js';
import { Exporter } from './export.service.js';
import type { ExportTarget } from './export.target.js';
import type { Piece } from './formats/frame.js';

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
 * without its trailers `Countersign-Rows` (of JSON Lines) and `Countersign-Sha256` (of the file before compression).
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
    const tag = etagOf(target);
    response.setHeader('ETag', tag);
    if (matches(request.headers['if-none-match'], tag)) {
      response.status(304).end();
      return;
    }
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    await send(request, response, this.exporter.read(target, name, after));
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

/** The hash of the snapshot, or where the dataset stands. Weak, because a compressed answer is the same file. */
function etagOf({ datasetId, at, hash, format }: ExportTarget): string {
  return `W/"${hash ?? `${datasetId}@${at}`}.${format.version}"`;
}

function matches(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((candidate) => candidate.trim() === tag || candidate.trim() === '*');
}

/** The first piece is read before the head is sent, so that what fails at once fails with a typed error. */
async function send(request: Request, response: Response, pieces: AsyncGenerator<Piece, void>): Promise<void> {
  const first = await pieces.next();
  const isLines = String(response.getHeader('Content-Type')).startsWith('application/jsonl');
  response.setHeader('Trailer', `${isLines ? 'Countersign-Rows, ' : ''}Countersign-Sha256`);
  const zip = request.acceptsEncodings('gzip') ? createGzip({ level: constants.Z_BEST_SPEED }) : null;
  if (zip) response.setHeader('Content-Encoding', 'gzip');
  const source = counted(response, first, pieces, isLines);
  try {
    await (zip ? pipeline(source, zip, response) : pipeline(source, response));
  } catch (error) {
    // The client went away, or the database did: either way the stream ends without its closing chunk.
    response.destroy();
    if (!request.destroyed && !isGone(error)) throw error;
  }
}

async function* counted(
  response: Response,
  first: IteratorResult<Piece, void>,
  rest: AsyncGenerator<Piece, void>,
  isLines: boolean,
): AsyncGenerator<Buffer, void> {
  const sum = createHash('sha256');
  let rows = 0;
  const count = (piece: Piece) => {
    const bytes = Buffer.from(piece);
    sum.update(bytes);
    for (let i = bytes.indexOf(10); i !== -1; i = bytes.indexOf(10, i + 1)) rows += 1;
    return bytes;
  };
  try {
    if (!first.done) {
      yield count(first.value);
      for await (const piece of rest) yield count(piece);
    }
    response.addTrailers({
      ...(isLines && { 'Countersign-Rows': String(rows) }),
      'Countersign-Sha256': sum.digest('hex'),
    });
  } finally {
    await rest.return();
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
