/** Texts that a careless exporter or suite would run, open, reinterpret or damage; by name. */
export const hostile: ReadonlyMap<string, string>;
