import { Pieces } from '../evidence/text.js';
import {
  type ArrayNode,
  blank,
  blankLike,
  entryOf,
  type JsonNode,
  type ObjectNode,
  withEntry,
  withItem,
  withoutItem,
} from './json-node.js';
import { LeafInput } from './leaf-input.js';

const MOST_ROWS = 200;
const MOST_COLUMNS = 12;

/** Whether a value is rows of flat objects, few enough to edit as a table. */
export function isRows(node: JsonNode): node is ArrayNode {
  if (node.kind !== 'array' || node.items.length < 2 || node.items.length > MOST_ROWS) return false;
  const isFlat = (row: JsonNode) =>
    row.kind === 'object' && row.entries.length > 0 && row.entries.every((entry) => !isDeep(entry.node));
  return node.items.every(isFlat) && columnsOf(node).length <= MOST_COLUMNS;
}

const isDeep = (node: JsonNode) => node.kind === 'object' || node.kind === 'array';

function columnsOf(node: ArrayNode): string[] {
  return [...new Set(node.items.flatMap((row) => (row.kind === 'object' ? row.entries.map(({ key }) => key) : [])))];
}

/** Rows of flat objects, cell by cell. */
export function TableEditor({ node, onChange }: { node: ArrayNode; onChange: (node: JsonNode) => void }) {
  const columns = columnsOf(node);
  const put = (row: number, column: string, value: JsonNode) =>
    onChange(withItem(node, row, withEntry(node.items[row] as ObjectNode, column, value)));
  return (
    <div className="scroll">
      <table className="cells">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                <Pieces text={column} />
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {node.items.map((row, i) => (
            <tr key={row.id}>
              {columns.map((column) => {
                const name = `${column}, row ${i + 1}`;
                const value = entryOf(row, column);
                return (
                  <td key={column}>
                    {value && value.kind !== 'null' ? (
                      <LeafInput node={value} name={name} onChange={(next) => put(i, column, next)} />
                    ) : (
                      <button
                        type="button"
                        className="plain fill"
                        aria-label={`Fill in ${name}`}
                        onClick={() => put(i, column, blank(kindIn(node, column)))}
                      >
                        {value ? 'null' : '–'}
                      </button>
                    )}
                  </td>
                );
              })}
              <td>
                <button
                  type="button"
                  className="plain remove"
                  aria-label={`Remove row ${i + 1}`}
                  disabled={node.items.length === 1}
                  onClick={() => onChange(withoutItem(node, i))}
                >
                  ×
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <button
        type="button"
        className="link"
        onClick={() => onChange({ ...node, items: [...node.items, blankLike(node.items.at(-1))] })}
      >
        Add a row
      </button>
    </div>
  );
}

/** What the other rows have in a column. */
function kindIn(node: ArrayNode, column: string) {
  const kinds = node.items.map((row) => entryOf(row, column)?.kind);
  return kinds.find((kind) => kind !== undefined && kind !== 'null') ?? 'string';
}
