import { causeOf, secondsOf } from './fetch.js';

/** What went wrong between us and another system, in one form for all of their clients. */
export interface Fault {
  /** Of HTTP; null when there was no answer. */
  readonly status: number | null;
  readonly message: string;
  /** As the answer asked; null when it did not. */
  readonly retryAfterSeconds: number | null;
}

const LONGEST_MESSAGE = 500;
const NO_ANSWER =
  /fetch failed|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|socket hang up|timed? ?out|terminated|network/i;
/** No such host, a port that is none for HTTP, no TLS where it was meant, a certificate that is not right. */
const FOR_GOOD = /ENOTFOUND|bad port|unknown scheme|_SSL_|EPROTO|CERT|SELF_SIGNED|UNABLE_TO_|HPE_/;
const NOT_ITS_ANSWER = /not valid JSON|end of JSON|cannot read properties|not iterable/i;
/** A whole page of a web site says no more than the status. */
const PAGE = /\s*(Body: )?[("]*<(!doctype|html)[^]*/i;

interface AnyError {
  readonly message?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly body?: unknown;
  readonly response?: { readonly headers?: unknown };
  readonly rawResponse?: { readonly headers?: unknown };
  readonly cause?: unknown;
}

/** Reads what the clients throw: each names the status and the answer in its own way. */
export function faultOf(error: unknown): Fault {
  const thrown = (error ?? {}) as AnyError;
  const status = Number(thrown.status ?? thrown.statusCode ?? statusInText(thrown.message) ?? Number.NaN);
  const headers = thrown.response?.headers ?? thrown.rawResponse?.headers;
  const asked = headers instanceof Headers ? secondsOf(headers.get('retry-after')) : null;
  const message = error instanceof Error ? error.message : String(error);
  const cause = causeOf(thrown.cause);
  return {
    status: Number.isInteger(status) && status > 0 ? status : null,
    message: `${message}${cause && !message.includes(cause) ? ` (${cause})` : ''}`
      .replace(status > 0 ? PAGE : '', '')
      .replace(/\s+/g, ' ')
      .slice(0, LONGEST_MESSAGE),
    retryAfterSeconds: asked,
  };
}

/** Whether nobody answered. */
export function isSilence({ status, message }: Fault): boolean {
  return status === null && NO_ANSWER.test(message);
}

/** Whether somebody answered who is not the system that was meant. */
export function isStranger({ status, message }: Fault): boolean {
  return status === null && NOT_ITS_ANSWER.test(message);
}

/** Whether the same may work in a moment. */
export function isPassing(fault: Fault): boolean {
  const { status, message } = fault;
  if (status === null) return isSilence(fault) && !FOR_GOOD.test(message);
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** What a server said is shown, what it repeats of a key is not; `faultOf` made each white space in it one blank. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, secret.replace(/\s+/g, ' ')])
    .filter((secret) => secret.length > 3)
    .reduce((safe, secret) => safe.replaceAll(secret, '…'), text);
}

function statusInText(message: unknown): string | undefined {
  return /\bstatus \[?(\d{3})\b/i.exec(typeof message === 'string' ? message : '')?.[1];
}
