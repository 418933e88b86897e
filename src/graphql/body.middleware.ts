import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Response } from 'express';

import { CONFIG, type Config } from '../config.js';
import { Refusal } from '../errors.js';
import { Admission } from './admission.js';
import { readBody } from './body.reader.js';
import type { IdentifiedRequest } from './context.js';
import { answerError, isGraphql } from './error.http.js';
import type { Unkeepable } from './json.exactness.js';
import { invalidJson, rememberUnkept } from './json.positions.js';
import { findUnkeepableInText } from './json.text.js';
import { limits } from './limits.js';
import { RequestFaults } from './request.faults.js';

/** A refusal that HTTP has a status for. */
interface HttpRefusal {
  readonly refusal: Refusal;
  readonly status: number;
}

/**
 * Reads the body of every request, after `identify` has said who calls: strangers may send little, holders of a key
 * much. JSON in UTF-8 and nothing else: no compression (a small body that unpacks to a large one), no other character
 * sets (text that means one thing to a filter and another to the database), no forms (which a foreign page may post).
 */
@Injectable()
export class BodyMiddleware {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly admission: Admission,
    private readonly faults: RequestFaults,
  ) {}

  readonly use = async (request: IdentifiedRequest, response: Response, next: NextFunction): Promise<void> => {
    try {
      const refused = methodRefusal(request) ?? typeRefusal(request);
      if (refused) {
        if (refused.status === 405) response.setHeader('allow', 'POST');
        return this.answer(request, response, refused.refusal, refused.status);
      }
      if (hasBody(request)) request.body = await this.read(request, response);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      return this.answer(request, response, error);
    }
    next();
  };

  private async read(request: IdentifiedRequest, response: Response): Promise<unknown> {
    const limit = request.viewer ? this.config.bodyBytes : this.config.anonymousBodyBytes;
    if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit, request);
    const visit = this.admission.visit(Boolean(request.viewer));
    response.once('close', () => visit.leave());
    const text = await readBody(request, (size, piece) => {
      if (size > limit) throw tooLarge(limit, request);
      visit.takeBytes(piece);
    });
    if (isGraphql(request)) visit.startOperation();
    return parse(text, isGraphql(request));
  }

  private answer(request: IdentifiedRequest, response: Response, error: unknown, status?: number): void {
    answerError(request, response, this.faults.settle(error, request.requestId), status);
  }
}

/** Queries in addresses end up in logs and caches, and a foreign page can send them; so POST only. */
function methodRefusal(request: IdentifiedRequest): HttpRefusal | null {
  if (!isGraphql(request) || request.method === 'POST') return null;
  const message = `GraphQL is served by POST with a JSON body, not by ${request.method}.`;
  return { refusal: new Refusal('INVALID_INPUT', message), status: 405 };
}

const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*(?:utf-?8|"utf-?8")[ \t]*)?;?$/i;

function typeRefusal(request: IdentifiedRequest): HttpRefusal | null {
  if (!hasBody(request)) return null;
  const { headers } = request;
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    const message = `Request bodies are not accepted in content-encoding ${encoding.slice(0, 40)}; send them as they are.`;
    return { refusal: new Refusal('INVALID_INPUT', message), status: 415 };
  }
  if (JSON_TYPE.test(headers['content-type'] ?? '')) return null;
  const message = 'Send the body as content-type: application/json, in UTF-8.';
  return { refusal: new Refusal('INVALID_INPUT', message), status: 415 };
}

function hasBody({ headers }: IdentifiedRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

function tooLarge(limit: number, { viewer }: IdentifiedRequest): Refusal {
  const hint = viewer ? '' : ' without a valid key or token';
  return new Refusal('PAYLOAD_TOO_LARGE', `A request may have at most ${limit} bytes${hint}.`, { maxBytes: limit });
}

function parse(text: string, isOperation: boolean): unknown {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new Refusal('INVALID_INPUT', `The body is not valid JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  const found = findUnkeepableInText(text, body);
  const fatal = found.find((it) => !isOperation || it.isLast || !(it.isNumber || isInRow(it)));
  if (fatal) throw invalidJson(fatal);
  const variables =
    isOperation && typeof body === 'object' ? (body as { variables?: unknown } | null)?.variables : null;
  if (found.length > 0 && typeof variables === 'object' && variables !== null) {
    rememberUnkept(
      variables,
      found.filter(({ path }) => path[0] === 'variables'),
    );
  }
  if (isOperation) refuseLongDocument(body);
  return body;
}

/** In a row of a list: whether it is refused alone, the operation says. */
function isInRow({ path }: Unkeepable): boolean {
  return path[0] === 'variables' && typeof path[2] === 'number';
}

/** It is kept as long as the parsed document is. */
function refuseLongDocument(body: unknown): void {
  const query = (body as { query?: unknown } | null)?.query;
  if (typeof query !== 'string' || query.length <= limits.documentLength) return;
  const message = `A document may have at most ${limits.documentLength} characters; put long values into variables.`;
  throw new Refusal('PAYLOAD_TOO_LARGE', message);
}
