import type { EntityTarget } from 'typeorm';

/** Every class that is a table. Listed by hand: a glob would hide what is there. */
export const entities: EntityTarget<object>[] = [];
