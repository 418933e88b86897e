/** How one process is set up. Read once, validated, frozen; injected under the token CONFIG. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  /** Keys and tokens are kept as HMACs under this secret. At least 32 characters. */
  readonly secret: string;
  readonly introspection: boolean;
  readonly poolSize: number;
}

export const CONFIG = Symbol('CONFIG');
