/**
 * A CSV file (RFC 4180) that a spreadsheet opens as data: a text that one could take for a formula is led by an
 * apostrophe, which tells a spreadsheet that it is text.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // What spreadsheets skip before they look for a formula counts as well.
  const safe = /^[\s\p{C}]*[=+\-@|%]|^[\t\r\n]/u.test(value) ? `'${value}` : value;
  return /[",\r\n\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
