/** Every refusal that a client can see, and what it means. Anything else leaves as INTERNAL with a request id. */
export const errorCodes = {
  UNAUTHENTICATED: 'No valid key, token or session was presented.',
  FORBIDDEN: 'The caller may not do this.',
  NOT_FOUND: 'No such thing, or not visible to the caller: the two are not told apart.',
  INVALID_INPUT: 'An argument is missing, of the wrong form or out of range; the message names it.',
  INVALID_JSON: 'A JSON value cannot be kept exactly as it was sent.',
  PAYLOAD_TOO_LARGE: 'The request, or one item of it, is over its size limit.',
  DUPLICATE_CONFLICT: 'The same id was used before with other content.',
  LEASE_LOST: 'The lease ended or belongs to somebody else; what was sent is kept as a draft.',
  ALREADY_RESOLVED: 'The item has its final answer or was withdrawn.',
  RUBRIC_VIOLATION: 'The labels do not answer the rubric that the assignment was given.',
  CURSOR_EXPIRED: 'The log no longer holds what follows this cursor; start again from a snapshot.',
  RATE_LIMITED: 'Too much for this key; retryAfterSeconds says when to come back.',
  OVERLOADED: 'The service is at its limit; retryAfterSeconds says when to come back.',
  INTERNAL: 'A fault of the service; the request id finds it in the logs.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An expected refusal. `details` goes to the client as further `extensions`; it must hold nothing secret. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
