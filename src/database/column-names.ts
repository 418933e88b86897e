import { DefaultNamingStrategy } from 'typeorm';

/**
 * Columns are snake_case by explicit `name:`. Within an embedded class TypeORM would join prefix and name to camelCase
 * (`model_Name`), which no column is called.
 */
export class ColumnNames extends DefaultNamingStrategy {
  override columnName(property: string, name: string | undefined, prefixes: string[]): string {
    return prefixes.join('') + (name ?? property);
  }
}
