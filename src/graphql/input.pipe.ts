import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { TypeMetadataStorage } from '@nestjs/graphql';
import { validate, type ValidationError } from 'class-validator';

import { Refusal } from '../errors.js';
import { constraintText } from './input.text.js';

/**
 * Checks inputs by the rules on their classes; what no rule names is refused, not dropped.
 *
 * It takes the place of Nest's ValidationPipe, which would alter evidence: that one deletes keys named `constructor` and
 * `prototype` at any depth and hands everything to class-transformer, which copies it and fails on some of it. Here only
 * the input classes themselves are made; the JSON values in them stay the objects that they are.
 *
 * Known limit: a list of inputs as an argument (`inputs: [FlagOutputInput!]!`), and one that may be null, carry no class
 * at run time, so they go through unchecked; whoever takes one calls `checkInput`.
 */
@Injectable()
export class InputPipe implements PipeTransform {
  async transform(value: unknown, { metatype, type, data }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom' || !metatype || PLAIN.has(metatype)) return value;
    return checkInput(metatype as Type<object>, value, data);
  }
}

const PLAIN: ReadonlySet<unknown> = new Set([String, Boolean, Number, Array, Object, Date]);

/** The value as an instance of its class, or INVALID_INPUT that names each wrong path, the first starting with `at`. */
export async function checkInput<T extends object>(type: Type<T>, value: unknown, at = ''): Promise<T> {
  const instance = instantiate(type, value);
  if (!(instance instanceof type)) throw new Refusal('INVALID_INPUT', `${at || 'The input'} must be an object.`);
  const errors = await validate(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) throw invalidInput(errors.flatMap((error) => violationsOf(error, at)));
  return instance;
}

/** GraphQL has checked the shape; this gives each object its class, which is where the rules are. */
function instantiate<T>(type: Type<T>, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const instance = new type() as Record<string, unknown>;
  for (const [key, element] of Object.entries(value)) {
    const nested = nestedType(type, key);
    if (!nested) instance[key] = element;
    else if (Array.isArray(element)) instance[key] = element.map((it: unknown) => instantiate(nested, it));
    else instance[key] = instantiate(nested, element);
  }
  return instance;
}

function nestedType(type: Type<unknown>, key: string): Type<unknown> | undefined {
  for (let owner: unknown = type; typeof owner === 'function'; owner = Object.getPrototypeOf(owner)) {
    const fields = TypeMetadataStorage.getInputTypeMetadataByTarget(owner as Type<unknown>)?.properties;
    const field = fields?.find(({ name }) => name === key);
    if (!field) continue;
    const declared: unknown = field.typeFn();
    const named: unknown = Array.isArray(declared) ? declared[0] : declared;
    return isInputClass(named) ? named : undefined;
  }
  return undefined;
}

function isInputClass(type: unknown): type is Type<unknown> {
  return (
    typeof type === 'function' && TypeMetadataStorage.getInputTypeMetadataByTarget(type as Type<unknown>) !== undefined
  );
}

interface Violation {
  readonly path: string;
  readonly messages: readonly string[];
}

const MOST_NAMED = 20;

function invalidInput(all: readonly Violation[]): Refusal {
  const violations = all.slice(0, MOST_NAMED);
  const text = violations.map(({ path, messages }) => `${path}: ${messages.join(', ')}`).join('; ');
  return new Refusal('INVALID_INPUT', text || 'The input is not valid.', { violations });
}

function violationsOf(error: ValidationError, parent: string): Violation[] {
  const isIndex = /^\d+$/.test(error.property);
  const path = isIndex ? `${parent}[${error.property}]` : parent ? `${parent}.${error.property}` : error.property;
  const own = Object.values(error.constraints ?? {}).map((text) => constraintText(text, error.property));
  return [
    ...(own.length > 0 ? [{ path, messages: own }] : []),
    ...(error.children ?? []).flatMap((child) => violationsOf(child, path)),
  ];
}
