import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Field, GraphQLModule, GraphQLSchemaHost, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { graphql, type GraphQLSchema } from 'graphql';
import { expect, test } from 'vitest';

import { Allow, AllowAnyone, AllowInherited } from '../src/access/allow.js';
import { enforceRules, fieldsWithoutRule } from '../src/access/enforce-rules.js';
import { Role } from '../src/access/viewer.js';

@ObjectType()
@AllowInherited()
class Thing {
  @Field(() => String)
  name: string;

  @Field(() => String)
  overridden: string;
}

@ObjectType()
class Bare {
  @Field(() => String)
  name: string;
}

@Resolver(() => Thing)
class ThingResolver {
  @Query(() => Thing)
  @AllowAnyone()
  thing(): Thing {
    return { name: 'a thing', overridden: 'plain' };
  }

  @Query(() => Bare)
  @AllowAnyone()
  bare(): Bare {
    return { name: 'bare' };
  }

  @Query(() => String)
  forgotten(): string {
    return 'secret';
  }

  @ResolveField(() => String)
  @Allow({ roles: [Role.ADMIN] })
  overridden(): string {
    return 'secret';
  }

  @ResolveField(() => String)
  @AllowInherited()
  shared(): string {
    return 'shared';
  }

  @ResolveField(() => String)
  @Allow({ roles: [Role.ADMIN] })
  guarded(): string {
    return 'secret';
  }

  @ResolveField(() => String)
  unruled(): string {
    return 'secret';
  }
}

@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      graphiql: false,
      transformSchema: (schema: GraphQLSchema) => enforceRules(schema, { charge: () => Promise.resolve() }),
    }),
  ],
  providers: [ThingResolver],
})
class PlantedModule {}

test('a field planted without a rule is named, and refused; the others are as they were declared', async () => {
  const app = await NestFactory.createApplicationContext(PlantedModule, { logger: false });
  const schema = app.get(GraphQLSchemaHost).schema;
  // Nest drops the rule of a resolved field that the class declares too: such a field must stay shut.
  expect(fieldsWithoutRule(schema).sort()).toEqual([
    'Bare.name',
    'Query.forgotten',
    'Thing.overridden',
    'Thing.unruled',
  ]);
  const ask = (source: string) => graphql({ schema, source, contextValue: { viewer: null } });
  expect((await ask('{ thing { name shared } }')).data).toEqual({ thing: { name: 'a thing', shared: 'shared' } });
  for (const source of [
    '{ bare { name } }',
    '{ forgotten }',
    '{ thing { overridden } }',
    '{ thing { unruled } }',
    '{ thing { guarded } }',
  ]) {
    const { data, errors } = await ask(source);
    expect(JSON.stringify({ data }), source).not.toContain('secret');
    expect(errors?.[0]?.originalError, source).toMatchObject({ code: 'UNAUTHENTICATED' });
  }
  await app.close();
});
