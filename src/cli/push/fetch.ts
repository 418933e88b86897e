/**
 * What the clients of other systems do with a fetch that failed, mended from the outside: two of them pass on its message
 * and not its cause, one keeps the header to itself that says how long a busy server asks to be left alone, and two try
 * again by themselves before that has passed.
 */

/** The server is busy, and the answer says for how long; faultOf reads it. */
class BusyError extends Error {
  constructor(
    readonly status: number,
    readonly response: Response,
    text: string,
  ) {
    super(text || response.statusText);
  }
}

/** While it works, a fetch that fails says why in its message. */
export async function withReasons<Result>(work: () => Promise<Result>): Promise<Result> {
  const { fetch } = globalThis;
  globalThis.fetch = async (...args) => {
    try {
      return await fetch(...args);
    } catch (error) {
      throw withReason(error);
    }
  };
  try {
    return await work();
  } finally {
    globalThis.fetch = fetch;
  }
}

export interface Untried {
  readonly fetch: typeof fetch;
  /** Why the last request failed, if it got no answer or a busy one. */
  readonly failure: () => Error | null;
}

/**
 * A fetch for clients that would try again: that a server is busy is thrown, and thrown again, without a request, until
 * the time has passed that it asked for.
 */
export function untried(): Untried {
  let last: Error | null = null;
  let until = 0;
  return {
    fetch: async (...args) => {
      if (last && performance.now() < until) throw last;
      last = null;
      try {
        const response = await fetch(...args);
        if (response.status !== 429 && response.status < 500) return response;
        until = performance.now() + 1_000 * Math.min(secondsOf(response.headers.get('retry-after')) ?? 0, 60);
        throw new BusyError(response.status, response, await response.text());
      } catch (error) {
        last = error as Error;
        throw error;
      }
    },
    failure: () => last,
  };
}

/** What Retry-After says: seconds, or an HTTP date. */
export function secondsOf(header: string | null): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1_000);
}

/** In a word: the system's code, or what is wrong with the request. */
export function causeOf(cause: unknown): string {
  const { code, message, errors } = (cause ?? {}) as {
    code?: unknown;
    message?: unknown;
    errors?: { code?: unknown }[];
  };
  return String(code ?? errors?.[0]?.code ?? message ?? '');
}

function withReason(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  const reason = causeOf(error.cause);
  return reason && !error.message.includes(reason)
    ? new TypeError(`${error.message} (${reason})`, { cause: error.cause })
    : error;
}
