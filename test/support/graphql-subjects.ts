import { Controller, Get, Module, Post } from '@nestjs/common';
import {
  Args,
  Field,
  Float,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { GraphQLError, GraphQLScalarType } from 'graphql';

import { Allow, AllowAnyone, AllowInherited, SIGNED_IN } from '../../src/access/allow.js';
import { Role } from '../../src/access/viewer.js';
import { Refusal } from '../../src/errors.js';
import { CursorScalar } from '../../src/graphql/cursor.scalar.js';
import { DateTimeScalar } from '../../src/graphql/date-time.scalar.js';
import { JsonScalar } from '../../src/graphql/json.scalar.js';
import type { LogEvent } from '../../src/log/event.js';

/** Things to ask of a service that has no other; see startService({ modules }). */

export const SECRET = 'password=hunter2';

const fail = (): never => {
  throw new Error(SECRET);
};

const Trap = new GraphQLScalarType({ name: 'Trap', serialize: fail, parseValue: fail, parseLiteral: fail });

@InputType()
class InnerInput {
  @Field(() => String)
  @MaxLength(3)
  word: string;
}

@InputType()
class EchoInput {
  @Field(() => JsonScalar, { nullable: true })
  @IsOptional()
  value: unknown;

  @Field(() => [Float], { nullable: true })
  @IsOptional()
  floats?: number[];

  @Field(() => ID, { nullable: true })
  @IsOptional()
  id?: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString()
  text?: string;

  @Field(() => [InnerInput], { nullable: true })
  @IsOptional()
  @ValidateNested({ each: true })
  inner?: InnerInput[];
}

@ObjectType()
@AllowInherited()
class Thing {
  @Field(() => Int)
  number: number;
}

@Resolver(() => Thing)
class SubjectResolver {
  @Mutation(() => JsonScalar, { nullable: true })
  @AllowAnyone()
  echo(@Args('input') input: EchoInput): unknown {
    return input.value;
  }

  @Query(() => JsonScalar, { nullable: true })
  @AllowAnyone()
  json(@Args('value', { type: () => JsonScalar, nullable: true }) value: unknown): unknown {
    return value;
  }

  @Query(() => DateTimeScalar)
  @AllowAnyone()
  instant(@Args('at', { type: () => DateTimeScalar }) at: Date): Date {
    return at;
  }

  @Query(() => CursorScalar)
  @AllowAnyone()
  cursor(@Args('at', { type: () => CursorScalar }) at: string): string {
    return at;
  }

  @Query(() => Thing)
  @AllowAnyone()
  thing(@Args('number', { type: () => Int, defaultValue: 1 }) number: number): Thing {
    return { number };
  }

  @Query(() => [Thing])
  @AllowAnyone()
  things(@Args('first', { type: () => Int, defaultValue: 3 }) first: number): Thing[] {
    return Array.from({ length: Math.min(first, 3) }, (_, number) => ({ number }));
  }

  @ResolveField(() => Thing)
  @AllowInherited()
  next(@Parent() { number }: Thing): Thing {
    return { number: number + 1 };
  }

  @ResolveField(() => [Thing])
  @AllowInherited()
  all(@Args('first', { type: () => Int, nullable: true }) first?: number): Thing[] {
    return this.things(first ?? 1);
  }

  @ResolveField(() => String, { nullable: true })
  @AllowInherited()
  async faulty(): Promise<string> {
    throw new Error(SECRET);
  }

  @Query(() => String)
  @AllowAnyone()
  graphqlFault(): string {
    throw new GraphQLError(SECRET, { extensions: { code: 'BAD_USER_INPUT' } });
  }

  @Query(() => String)
  @AllowAnyone()
  stringFault(): string {
    // oxlint-disable-next-line no-throw-literal -- whatever is thrown
    throw SECRET;
  }

  @Query(() => Trap)
  @AllowAnyone()
  trap(@Args('value', { type: () => Trap, nullable: true }) value?: unknown): unknown {
    return value ?? SECRET;
  }

  @Query(() => Int)
  @AllowAnyone()
  notAnInt(): unknown {
    return SECRET;
  }

  @Query(() => DateTimeScalar)
  @AllowAnyone()
  nothing(): unknown {
    return null;
  }

  @Query(() => String)
  @AllowAnyone()
  busy(): string {
    throw new Refusal('OVERLOADED', 'Come back later.', { retryAfterSeconds: 2.5 });
  }

  @Subscription(() => Thing, { resolve: (event: LogEvent) => ({ number: event.seq }) })
  @Allow(SIGNED_IN)
  ticks(
    @Args('after', { type: () => CursorScalar, nullable: true }) _after?: string,
    @Args('from', { type: () => String, nullable: true }) from?: string,
  ): AsyncIterable<unknown> {
    return sourceOf(from ?? 'ticks');
  }

  @Subscription(() => JsonScalar, { resolve: (event: { data: unknown }) => event.data })
  @Allow(SIGNED_IN)
  floods(): AsyncIterable<unknown> {
    return sourceOf('floods');
  }

  @Subscription(() => Thing, { resolve: (event: LogEvent) => ({ number: event.seq }) })
  @Allow({ roles: [Role.ADMIN] })
  adminTicks(): AsyncIterable<unknown> {
    return sourceOf('ticks');
  }

  @Subscription(() => String, { resolve: fail })
  @Allow(SIGNED_IN)
  faultyEvents(): AsyncIterable<unknown> {
    return sourceOf('ticks');
  }

  @Subscription(() => String)
  @Allow(SIGNED_IN)
  faultyStart(): AsyncIterable<unknown> {
    return fail();
  }

  @Subscription(() => String)
  @Allow(SIGNED_IN)
  noSource(): AsyncIterable<unknown> {
    return SECRET as unknown as AsyncIterable<unknown>;
  }

  @Subscription(() => String)
  @Allow(SIGNED_IN)
  faultySource(): AsyncIterable<unknown> {
    return { [Symbol.asyncIterator]: () => ({ next: async () => fail() }) };
  }
}

/** Events that a test sends by hand to every stream that is open under a name. */
const sources = new Map<string, Set<Source>>();

class Source implements AsyncIterableIterator<unknown> {
  private readonly events: unknown[] = [];
  private waiting: ((result: IteratorResult<unknown>) => void) | null = null;
  pulled = 0;

  constructor(private readonly name: string) {
    const peers = sources.get(name) ?? new Set();
    sources.set(name, peers.add(this));
  }

  push(event: unknown): void {
    if (this.waiting) this.waiting({ done: false, value: event });
    else this.events.push(event);
    this.waiting = null;
  }

  next(): Promise<IteratorResult<unknown>> {
    this.pulled += 1;
    if (this.events.length > 0) return Promise.resolve({ done: false, value: this.events.shift() });
    return new Promise((resolve) => (this.waiting = resolve));
  }

  return(): Promise<IteratorResult<unknown>> {
    sources.get(this.name)?.delete(this);
    this.waiting?.({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function sourceOf(name: string): Source {
  return new Source(name);
}

export function openStreams(name: string): Source[] {
  return [...(sources.get(name) ?? [])];
}

export function emit(name: string, event: unknown): void {
  for (const source of openStreams(name)) source.push(event);
}

@Controller('subject')
class SubjectController {
  @Get('fault')
  @AllowAnyone()
  fault(): string {
    return fail();
  }

  @Post('body')
  @AllowAnyone()
  body(): string {
    return 'ok';
  }
}

@Module({ providers: [SubjectResolver], controllers: [SubjectController] })
export class SubjectsModule {}
