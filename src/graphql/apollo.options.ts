import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { GraphQLSchema } from 'graphql';

import { enforceRules } from '../access/enforce-rules.js';
import type { RateLimit } from '../access/rate-limit.js';
import type { Config } from '../config.js';
import { requestPlugin } from './apollo.plugin.js';
import { contextOf, type IdentifiedRequest, type RequestContext } from './context.js';
import { DocumentStore } from './document.store.js';
import { limits } from './limits.js';
import { limitRules } from './query.limits.js';
import type { RequestFaults } from './request.faults.js';
import { schemaOptions } from './schema.options.js';

/**
 * GraphQL over HTTP. Every setting that opens or closes something is written down, also where it is the default:
 * several of Apollo's depend on NODE_ENV, and what protects the service must not.
 */
export function apolloOptions(config: Config, rateLimit: RateLimit, faults: RequestFaults): ApolloDriverConfig {
  return {
    driver: ApolloDriver,
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    buildSchemaOptions: schemaOptions,
    transformSchema: (schema: GraphQLSchema) => enforceRules(schema, rateLimit),

    // What the outside may learn.
    introspection: config.introspection,
    hideSchemaDetailsFromClientErrors: !config.introspection,
    graphiql: false,
    playground: false,
    includeStacktraceInErrorResponses: false,
    autoTransformHttpErrors: false,
    formatError: (_, error) => faults.format(error),
    // Faults are logged once, by us.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },

    // What it may ask for.
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    // A cache that strangers fill.
    persistedQueries: false,
    documentStore: new DocumentStore(),
    parseOptions: { maxTokens: limits.tokens },
    // Ours counts the selections too. With Apollo's, ours would only run after the library's have passed or thrown.
    maxRecursiveSelections: false,
    validationRules: [...limitRules],
    validationOptions: { maxErrors: 20 },
    executionOptions: { maxCoercionErrors: 10 },

    // Nothing is sent home and no environment variable can switch it on.
    apollo: { key: undefined },
    plugins: [
      requestPlugin(faults) as ApolloServerPlugin,
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      // It would hook into every field; answers are never cached.
      ApolloServerPluginCacheControlDisabled(),
    ],

    // Who stops, and when, is decided by main.ts; streams end before the HTTP server does.
    stopOnTerminationSignals: false,
    stopOnApplicationShutdown: true,
    context: ({ req }: { req: IdentifiedRequest }): RequestContext => contextOf(req),
  };
}

function ignore(): void {}
