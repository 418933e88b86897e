import { type DynamicModule, type Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema as print } from 'graphql';

import { schemaOptions } from './schema.options.js';

const HEADER = `# Made from the code by \`npm run schema\`; \`npm run check\` compares the two. Change the code, not this file.\n\n`;

/**
 * The public schema as text, sorted, without a database: Nest's preview mode knows every class of the app and creates
 * none of them.
 */
export async function printSchema(app: DynamicModule): Promise<string> {
  const preview = await NestFactory.create(app, { preview: true, logger: false, abortOnError: false });
  const classes = [...preview.get(ModulesContainer).values()].flatMap((module) =>
    [...module.providers.values()].flatMap(({ metatype }) => (isClass(metatype) ? [metatype] : [])),
  );
  const builder = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  try {
    const resolvers = classes.filter((it) => Reflect.hasMetadata('graphql:resolver_type', it));
    const scalars = classes.filter((it) => Reflect.hasMetadata('graphql:scalar_name', it));
    const schema = await builder.get(GraphQLSchemaFactory).create(resolvers, scalars, schemaOptions);
    return `${HEADER}${print(lexicographicSortSchema(schema))}\n`;
  } finally {
    await builder.close();
  }
}

function isClass(metatype: unknown): metatype is Type {
  return typeof metatype === 'function' && metatype.prototype !== undefined;
}
