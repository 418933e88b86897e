import path from 'node:path';

/** One setting: the variable that carries it, and everything a person needs to know to set it. */
interface Setting<T> {
  readonly variable: string;
  /** As somebody would write it; empty when there is no default. */
  readonly default: string;
  readonly allowed: string;
  readonly meaning: string;
  /** Called with the trimmed text, or with the default. Throws nothing: undefined means "not allowed". */
  readonly read: (text: string) => T | undefined;
}

const KIB = 1_024;
const MIB = 1_048_576;
const DAY_LIMIT = 36_500;

/** The one place where settings are declared: validation, `--help` and the README's table are made from it. */
export const settings = {
  port: integer('PORT', 4_400, 0, 65_535, 'TCP port of the service; 0 takes any free one.'),
  host: text('COUNTERSIGN_HOST', '127.0.0.1', 'Address to listen on; 0.0.0.0 for every interface.'),
  databaseUrl: setting(
    'DATABASE_URL',
    '',
    'postgres://… of PostgreSQL 15 or newer',
    'Use this PostgreSQL. Without it the service brings its own and keeps it in the data folder.',
    (value) => (value === '' ? null : /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value) ? value : undefined),
  ),
  dataDir: setting(
    'COUNTERSIGN_DATA_DIR',
    './.countersign',
    'a folder',
    'Where the embedded PostgreSQL and the generated secret are kept.',
    (value) => path.resolve(value),
  ),
  secret: setting(
    'COUNTERSIGN_SECRET',
    '',
    'at least 32 characters',
    'Keys and tokens are kept as HMACs under it. Required with DATABASE_URL, otherwise made on first start.',
    (value) => (value === '' ? null : value.length >= 32 ? value : undefined),
  ),
  logLevel: oneOf(
    'COUNTERSIGN_LOG_LEVEL',
    'info',
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'Least severe log line that is written.',
  ),
  introspection: toggle('COUNTERSIGN_INTROSPECTION', 'on', 'Whether the schema may be queried. Off for production.'),
  trustedOrigins: setting(
    'COUNTERSIGN_TRUSTED_ORIGINS',
    '',
    'http(s)://host[:port], separated by commas',
    'Other web origins whose pages may call this service; its own is always one.',
    readOrigins,
  ),
  trustedProxies: integer(
    'COUNTERSIGN_TRUSTED_PROXIES',
    0,
    0,
    10,
    'Reverse proxies in front of the service, one behind the other, whose X-Forwarded-For and -Proto are believed.',
  ),
  anonymousBodyBytes: integer(
    'COUNTERSIGN_ANONYMOUS_BODY_BYTES',
    256 * KIB,
    KIB,
    16 * MIB,
    'Most bytes of a request without a valid key.',
  ),
  bodyBytes: integer(
    'COUNTERSIGN_BODY_BYTES',
    16 * MIB,
    64 * KIB,
    256 * MIB,
    'Most bytes of a request with a valid key.',
  ),
  itemBytes: integer(
    'COUNTERSIGN_ITEM_BYTES',
    MIB,
    KIB,
    64 * MIB,
    'Most bytes of one item: input, output, context and metadata.',
  ),
  passRetentionDays: integer(
    'COUNTERSIGN_PASS_RETENTION_DAYS',
    30,
    1,
    DAY_LIMIT,
    'Days that a flag which needed no review is remembered.',
  ),
  logRetentionDays: integer(
    'COUNTERSIGN_LOG_RETENTION_DAYS',
    0,
    0,
    DAY_LIMIT,
    'Days that events are kept; 0 keeps all.',
  ),
  rateCostPerSecond: integer(
    'COUNTERSIGN_RATE_COST_PER_SECOND',
    5_000,
    1,
    1_000_000_000,
    'Cost that one key may spend per second: an operation costs at least 1, each flagged output 1.',
  ),
  rateBurst: integer(
    'COUNTERSIGN_RATE_BURST',
    25_000,
    1,
    1_000_000_000,
    'Cost that one key may spend at once after a pause.',
  ),
  maxQueuedStatements: integer(
    'COUNTERSIGN_MAX_QUEUED_STATEMENTS',
    2_000,
    1,
    1_000_000,
    'Calls that may wait for the database; one more is refused as OVERLOADED.',
  ),
  poolSize: integer('COUNTERSIGN_POOL_SIZE', 20, 2, 1_000, 'Database connections for requests.'),
  systemPoolSize: integer(
    'COUNTERSIGN_SYSTEM_POOL_SIZE',
    4,
    2,
    100,
    'Database connections kept apart for the log, the sweeper and health.',
  ),
  drainSeconds: integer(
    'COUNTERSIGN_DRAIN_SECONDS',
    10,
    0,
    3_600,
    'Longest wait for requests under way when the service stops.',
  ),
} as const;

type Field = keyof typeof settings;

/** What the environment says. Two of these are not known yet when the service brings its own database. */
export type Settings = { readonly [F in Field]: (typeof settings)[F] extends Setting<infer T> ? T : never };

/** How one process is set up. Read once, validated, frozen; injected under the token CONFIG. */
export interface Config extends Omit<Settings, 'databaseUrl' | 'secret'> {
  readonly databaseUrl: string;
  readonly secret: string;
}

export const CONFIG = Symbol('CONFIG');

/** Everything that is wrong with the environment, so that it is mended in one go. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads and checks every setting. An empty variable counts as one that is not set. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const read = Object.entries(settings).map(([field, { variable, default: fallback, allowed, read }]) => {
    const given = env[variable]?.trim() ?? '';
    const value = read(given === '' ? fallback : given);
    // A secret that is too short is still somebody's secret: it is not printed.
    const shown = field === 'secret' || field === 'databaseUrl' ? 'what it is set to' : JSON.stringify(given);
    if (value === undefined) problems.push(`${variable}: ${shown} is not allowed. Allowed: ${allowed}.`);
    return [field, value] as const;
  });
  const result = Object.fromEntries(read) as unknown as Settings;
  if (result.databaseUrl && result.secret === null) {
    problems.push('COUNTERSIGN_SECRET: required with DATABASE_URL. Allowed: at least 32 characters.');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(result);
}

/** Variables that look like settings of ours and are none: misspelt, perhaps. What only the commands read is known. */
export function unknownSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(Object.values(settings).map(({ variable }) => variable));
  for (const ofCommands of ['URL', 'API_KEY', 'TOKEN', 'CANARY']) known.add(`COUNTERSIGN_${ofCommands}`);
  return Object.keys(env).filter((name) => name.startsWith('COUNTERSIGN_') && !known.has(name));
}

/** The settings once the database and the secret are known. */
export function completeConfig(read: Settings, databaseUrl: string, secret: string): Config {
  return Object.freeze({ ...read, databaseUrl, secret });
}

/** All settings as a Markdown table, for the README and `--help`. */
export function settingsTable(): string {
  const rows = Object.values(settings).map(
    (it) => `| \`${it.variable}\` | ${it.default === '' ? '–' : `\`${it.default}\``} | ${it.allowed} | ${it.meaning} |`,
  );
  return ['| variable | default | allowed | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** A page with the table put between its two `<!-- settings -->` marks. */
export function withSettings(page: string): string {
  return page.replace(
    /(<!-- settings -->).*(<!-- \/settings -->)/s,
    (_, from, to) => `${from}\n${settingsTable()}\n${to}`,
  );
}

function setting<T>(
  variable: string,
  fallback: string,
  allowed: string,
  meaning: string,
  read: (text: string) => T | undefined,
): Setting<T> {
  return { variable, default: fallback, allowed, meaning, read };
}

function integer(variable: string, fallback: number, min: number, max: number, meaning: string): Setting<number> {
  return setting(variable, String(fallback), `a whole number from ${min} to ${max}`, meaning, (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
    return number >= min && number <= max ? number : undefined;
  });
}

function text(variable: string, fallback: string, meaning: string): Setting<string> {
  return setting(variable, fallback, 'a host name or address', meaning, (value) =>
    /^[\w.:%-]{1,253}$/.test(value) ? value : undefined,
  );
}

function toggle(variable: string, fallback: 'on' | 'off', meaning: string): Setting<boolean> {
  return setting(variable, fallback, 'on or off', meaning, (value) =>
    value === 'on' ? true : value === 'off' ? false : undefined,
  );
}

function oneOf<const T extends string>(
  variable: string,
  fallback: NoInfer<T>,
  values: readonly T[],
  meaning: string,
): Setting<T> {
  return setting(variable, fallback, values.join(', '), meaning, (value) => values.find((known) => known === value));
}

function readOrigins(value: string): readonly string[] | undefined {
  const given = value.split(',').flatMap((part) => part.trim() || []);
  const isOrigin = (origin: string) =>
    /^https?:\/\//.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
  return given.every(isOrigin) ? Object.freeze(given) : undefined;
}
