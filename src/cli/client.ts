import { setTimeout as sleep } from 'node:timers/promises';

const DEFAULT_URL = 'http://127.0.0.1:4400';
const TRIES = 5;
/** Waits at most this long before a try, whatever the service asks for: then people should know. */
const LONGEST_WAIT_SECONDS = 60;
const COMES_BACK = new Set(['RATE_LIMITED', 'OVERLOADED']);
/** Nothing was sent yet, so that trying again cannot do a thing twice. */
const NOT_SENT = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** Between two tries of a connection that is refused, where the caller has patience: a service that starts is soon found. */
const REFUSED_WAIT_SECONDS = 1;

/** What the service answered instead of doing it. */
export class ServiceError extends Error {
  constructor(
    message: string,
    /** One of the service's error codes, or `HTTP_<status>` where the answer was not the service's. */
    readonly code: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** The service did not answer at all. */
export class ConnectionError extends Error {}

/** A variable of the environment is missing or wrong, so that nothing was asked. */
export class EnvironmentFault extends Error {}

type OnWait = (reason: string, seconds: number) => void;

interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

interface RequestOptions {
  /**
   * The same operation a second time does no harm, so it may be sent again after a connection broke on the way.
   * Queries and the service's idempotent mutations; default true.
   */
  readonly isRepeatable?: boolean;
  readonly signal?: AbortSignal;
  /** A connection that is refused is tried for so long; left out, as often as anything else. */
  readonly patienceSeconds?: number;
  /** Asked before each wait: the caller may have been told to stop. */
  readonly mayWait?: () => boolean;
}

/**
 * A small GraphQL client for the commands.
 *
 * It tries up to 5 times when nobody listens yet (longer if the caller has patience), when a connection breaks, and when the service says
 * RATE_LIMITED or OVERLOADED, then after the time that it names. Everything else is the caller's to tell.
 */
export class Client {
  constructor(
    /** Where the service is, without a path. */
    readonly url: string,
    private readonly apiKey: string | undefined,
    /** Told before each wait, so that nobody looks at a command that seems to hang. */
    private readonly onWait: OnWait = tellWait,
  ) {}

  /** By COUNTERSIGN_URL and COUNTERSIGN_API_KEY, which must be set. */
  static fromEnvironment(env: NodeJS.ProcessEnv = process.env, onWait?: OnWait): Client {
    const url = (env.COUNTERSIGN_URL || DEFAULT_URL).replace(/\/+$/, '').replace(/\/graphql$/, '');
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new EnvironmentFault(`COUNTERSIGN_URL is "${url}"; it must be like ${DEFAULT_URL}`);
    }
    const key = env.COUNTERSIGN_API_KEY?.trim();
    if (!key) {
      throw new EnvironmentFault('COUNTERSIGN_API_KEY is not set. The first start of the service printed a key, csk_…');
    }
    // What a header cannot carry is not sent: an ellipsis, copied from a page, is the usual one.
    if (!/^[\x21-\x7e]+$/.test(key)) throw new EnvironmentFault('COUNTERSIGN_API_KEY has a character that no key has.');
    return new Client(url, key, onWait);
  }

  /** Headers for requests that a command makes itself. */
  headers(): Record<string, string> {
    return this.apiKey ? { authorization: `Bearer ${this.apiKey}` } : {};
  }

  async request<Data>(query: string, variables: object = {}, options: RequestOptions = {}): Promise<Data> {
    const until = performance.now() + 1_000 * (options.patienceSeconds ?? 0);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.send<Data>(query, variables, options.signal);
      } catch (error) {
        const isPatient = NOT_SENT.has(causeCode(error)) && performance.now() < until;
        const asked = this.waitBefore(error, attempt, options.isRepeatable ?? true);
        if (asked === null || (attempt >= TRIES && !isPatient)) throw this.explain(error);
        if (options.mayWait?.() === false) throw this.explain(error);
        const waitSeconds = isPatient ? Math.min(asked, REFUSED_WAIT_SECONDS) : asked;
        this.onWait(reasonOf(error), waitSeconds);
        await sleep(waitSeconds * 1_000, undefined, options.signal && { signal: options.signal });
      }
    }
  }

  private async send<Data>(query: string, variables: object, signal?: AbortSignal): Promise<Data> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { ...this.headers(), 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    });
    const answer = readAnswer<Data>(await response.text());
    const [error] = answer?.errors ?? [];
    if (error) {
      const { code = `HTTP_${response.status}`, ...details } = error.extensions ?? {};
      throw new ServiceError(error.message, String(code), { ...retryAfter(response), ...details });
    }
    if (!answer?.data) {
      const message = `${this.url} answered ${response.status} ${response.statusText}, which is not Countersign's GraphQL`;
      throw new ServiceError(message, `HTTP_${response.status}`, retryAfter(response));
    }
    return answer.data;
  }

  /** Seconds until the next try makes sense; null when none does. */
  private waitBefore(error: unknown, attempt: number, isRepeatable: boolean): number | null {
    const backoff = 0.2 * 2 ** attempt * (0.5 + Math.random() / 2);
    if (error instanceof ServiceError) {
      const mayComeBack = COMES_BACK.has(error.code) || /^HTTP_(429|503)$/.test(error.code);
      const asked = Number(error.details.retryAfterSeconds ?? 0);
      if (!mayComeBack || asked > LONGEST_WAIT_SECONDS) return null;
      return Math.max(asked, backoff);
    }
    if (error instanceof Error && error.name === 'AbortError') return null;
    return isRepeatable || NOT_SENT.has(causeCode(error)) ? backoff : null;
  }

  private explain(error: unknown): unknown {
    if (error instanceof ServiceError || (error instanceof Error && error.name === 'AbortError')) return error;
    return noAnswer(this.url, error);
  }
}

/** For people: nobody answers there. */
export function noAnswer(url: string, error: unknown): ConnectionError {
  return new ConnectionError(
    `No answer from ${url} (${reasonOf(error)}). Is the service running? COUNTERSIGN_URL says where it is.`,
  );
}

export function tellWait(reason: string, seconds: number): void {
  process.stderr.write(`${reason}; trying again in ${seconds.toFixed(1)} s\n`);
}

/** In a word: the service's code, or the system's. */
export function reasonOf(error: unknown): string {
  if (error instanceof ServiceError) return error.code;
  return causeCode(error) || (error instanceof Error ? error.message : String(error));
}

function readAnswer<Data>(text: string): GraphqlAnswer<Data> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : null;
  } catch {
    return null;
  }
}

function retryAfter(response: Response): { retryAfterSeconds?: number } {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {};
}

/** What fetch hides in the cause of its "fetch failed". */
function causeCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: unknown; errors?: { code?: unknown }[] }) : undefined;
  return String(cause?.code ?? cause?.errors?.[0]?.code ?? '');
}
