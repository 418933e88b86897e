import { GraphQLScalarType, Kind } from 'graphql';

import { Refusal } from '../errors.js';

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const FIRST = Date.UTC(1970, 0, 1);
const END = Date.UTC(3000, 0, 1);
const EXAMPLE = '"2026-01-31T12:00:00.000Z"';

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    "An instant, RFC 3339 in UTC with milliseconds, from the database's clock. As input any offset is converted and " +
    'finer fractions of a second are cut; years 1970 to 2999.',
  serialize: (value) => {
    const date = value instanceof Date ? value : new Date(value as string);
    return date.toISOString();
  },
  parseValue: (value) => parse(value),
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});

function parse(value: unknown): Date {
  const parts = typeof value === 'string' ? FORM.exec(value) : null;
  if (!parts) throw refusal('a date, a time and an offset are needed');
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours = 0, offsetMinutes = 0] = parts;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const local = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), ms),
  );
  // Date rolls 30 February over into March; an instant that is not on the calendar is a mistake, not another instant.
  const spelled = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (local.getUTCFullYear() !== Number(year) || local.toISOString().slice(0, 19) !== spelled) {
    throw refusal('there is no such day or time');
  }
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  const instant = new Date(local.getTime() + (sign === '-' ? offset : -offset));
  if (instant.getTime() < FIRST || instant.getTime() >= END) throw refusal('the year must be from 1970 to 2999');
  return instant;
}

function refusal(why: string): Refusal {
  return new Refusal('INVALID_INPUT', `Not an instant: ${why}. Write it like ${EXAMPLE}.`);
}
