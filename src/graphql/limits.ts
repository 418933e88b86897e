/**
 * What one operation or one socket may cost at most. They protect the process, so they are fixed; what a deployment may
 * want to change is in config.ts.
 */
export const limits = {
  /** Validation of hostile documents grows faster than their length; the largest honest one (introspection) is under 300. */
  tokens: 1_000,
  /** Levels of fields. The deepest honest selection, a queue's statistics under the item of an eval case, is 7. */
  depth: 10,
  /** Introspection nests `ofType` far deeper than data ever goes; it is allowed only where introspection is. */
  introspectionDepth: 20,
  /** Aliases ask for the same thing many times over in one request; `__typename` counts like every field. */
  aliases: 15,
  rootFields: 10,
  mutationFields: 5,
  directives: 10,
  /** Fields that a document selects when all its fragments are spread out. */
  selections: 1_000,
  /** Fields that the answer may hold, lists multiplied by the size that was asked for. See query.cost.ts. */
  cost: 30_000,
  /** Levels of arrays and objects in one JSON value. */
  jsonDepth: 200,
  /** Requests of GraphQL over HTTP that are under way at once; one more is OVERLOADED. */
  operations: 512,
  /** Bytes of request bodies in memory at once: of callers with a key, and of strangers. */
  bodyBytesInFlight: 128 * 1024 * 1024,
  strangersBytesInFlight: 32 * 1024 * 1024,
  /** Characters of a document. What is long belongs into variables. */
  documentLength: 64 * 1024,
  /** Parsed and validated documents that are kept, and their characters together. */
  documents: 1_000,
  documentsLength: 512 * 1024,
} as const;

/** The same for WebSockets. */
export const socketLimits = {
  messageBytes: 64 * 1024,
  fragments: 16,
  bufferedChunks: 256,
  /** Time to send `connection_init` with a credential. */
  initMs: 3_000,
  pingMs: 12_000,
  operations: 20,
  /** Messages and pings: `burst` at once, then `perSecond`. */
  messages: { burst: 100, perSecond: 20 },
  /** Bytes written to a socket that the network has not taken. */
  bufferedBytes: 1024 * 1024,
  /** How long a frame may wait for a client that does not read. */
  stallMs: 10_000,
  sockets: 10_000,
  socketsPerAddress: 1_000,
  socketsPerKey: 1_000,
} as const;
