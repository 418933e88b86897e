import { Refusal } from '../errors.js';

/** A state of a dataset as clients see it: opaque, and good for this dataset only. */
export function encodeExportCursor(datasetId: string, position: number): string {
  return Buffer.from(`dataset:${datasetId}:${position}`).toString('base64url');
}

/** The position of a cursor that was made for the same dataset; anything else is refused. */
export function decodeExportCursor(name: string, datasetId: string, cursor: string): number {
  const [, id, position = ''] =
    /^dataset:([0-9a-f-]{36}):(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (!id) throw new Refusal('INVALID_INPUT', `${name}: not a cursor of an export; pass one back as it came.`);
  if (id !== datasetId) throw new Refusal('INVALID_INPUT', `${name}: this cursor belongs to another dataset.`);
  return Number(position);
}
