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
      .replace(/\s+/g, ' ')
      .slice(0, LONGEST_MESSAGE),
    retryAfterSeconds: asked,
  };
}

/** Whether the same may work in a moment. */
export function isPassing({ status, message }: Fault): boolean {
  if (status === null) return NO_ANSWER.test(message);
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** What a server said is shown, what it repeats of a key is not; `faultOf` made each white space in it one blank. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, secret.replace(/\s+/g, ' ')])
    .filter((secret) => secret.length > 3)
    .reduce((safe, secret) => safe.replaceAll(secret, '…'), text);
}

/** Seconds, or an HTTP date. */
export function secondsOf(header: string | null): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1_000);
}

function statusInText(message: unknown): string | undefined {
  return /\bstatus \[?(\d{3})\b/i.exec(typeof message === 'string' ? message : '')?.[1];
}

function causeOf(cause: unknown): string {
  const { code, message, errors } = (cause ?? {}) as {
    code?: unknown;
    message?: unknown;
    errors?: { code?: unknown }[];
  };
  return String(code ?? errors?.[0]?.code ?? message ?? '');
}
