import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { GraphQLError, type GraphQLSchema } from 'graphql';

import { enforceRules } from '../access/enforce-rules.js';
import { RateLimit } from '../access/rate-limit.js';
import { CONFIG, type Config } from '../config.js';
import { Refusal } from '../errors.js';
import { contextOf, type IdentifiedRequest } from './context.js';

@Module({
  imports: [
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      inject: [CONFIG, RateLimit],
      useFactory: (config: Config, rateLimit: RateLimit) => ({
        autoSchemaFile: true,
        sortSchema: true,
        transformSchema: (schema: GraphQLSchema) => enforceRules(schema, rateLimit),
        introspection: config.introspection,
        graphiql: false,
        playground: false,
        autoTransformHttpErrors: false,
        persistedQueries: false,
        includeStacktraceInErrorResponses: false,
        context: ({ req }: { req: IdentifiedRequest }) => contextOf(req),
        formatError: (formatted, error) => {
          const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
          if (!(cause instanceof Refusal)) return formatted;
          return { ...formatted, message: cause.message, extensions: { ...cause.details, code: cause.code } };
        },
      }),
    }),
  ],
})
export class GraphqlModule {}
