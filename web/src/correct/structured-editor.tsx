import { useEffect, useRef, useState } from 'react';

import { type JsonNode, parseNode, printNode } from './json-node.js';
import { isConversation, MessagesEditor } from './messages-editor.js';
import { RawEditor, type RawProps } from './raw-editor.js';
import './structured-editor.css';
import { isRows, TableEditor } from './table-editor.js';
import { TreeEditor } from './tree-editor.js';

/** Longer texts are edited as JSON at first: a form of thousands of fields helps nobody. */
const LONG = 30_000;

type View = 'shape' | 'fields' | 'json';

/**
 * Corrects what has structure as what it is: messages, rows or fields; as JSON whoever likes that better, and what is no
 * JSON at the moment. The text is what is kept; the tree is only how it is shown.
 */
export default function StructuredEditor(props: RawProps) {
  const { text, takesFocus = true, onChange } = props;
  const [read, setRead] = useState(() => ({ text, tree: parseNode(text) }));
  const [wanted, setWanted] = useState<View>(text.length > LONG ? 'json' : 'shape');
  const form = useRef<HTMLDivElement>(null);
  // It was changed as JSON, or restored.
  if (text !== read.text) setRead({ text, tree: parseNode(text) });
  const { tree } = read;
  const shape = tree && shapeOf(tree);
  const view = tree === null ? 'json' : wanted === 'shape' && !shape ? 'fields' : wanted;
  const isFirst = useRef(true);
  useEffect(() => {
    const isOpened = isFirst.current;
    isFirst.current = false;
    if (isOpened && !takesFocus) return;
    form.current?.querySelector<HTMLElement>('textarea, input')?.focus();
  }, [view, takesFocus]);
  const change = (next: JsonNode) => {
    const printed = printNode(next);
    setRead({ text: printed, tree: next });
    onChange(printed);
  };
  const views: [View, string][] = [
    ...(shape ? [['shape', shape] as [View, string]] : []),
    ['fields', 'Fields'],
    ['json', 'JSON'],
  ];
  return (
    <>
      <div className="views" role="group" aria-label="Edit as">
        {views.map(([name, label]) => (
          <button
            key={name}
            type="button"
            className="choice"
            aria-pressed={view === name}
            disabled={tree === null && name !== 'json'}
            onClick={() => setWanted(name)}
          >
            {label}
          </button>
        ))}
      </div>
      {view === 'json' || !tree ? (
        <RawEditor {...props} />
      ) : (
        <div
          id="correction"
          ref={form}
          className="structured"
          role="group"
          aria-label="Corrected output"
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              props.onSubmit();
            }
            if (event.key === 'Escape') (event.target as HTMLElement).blur();
          }}
        >
          {view === 'shape' && isConversation(tree) ? (
            <MessagesEditor node={tree} onChange={change} />
          ) : view === 'shape' && isRows(tree) ? (
            <TableEditor node={tree} onChange={change} />
          ) : (
            <TreeEditor node={tree} name="The output" onChange={change} />
          )}
        </div>
      )}
    </>
  );
}

function shapeOf(tree: JsonNode): string | null {
  if (isConversation(tree)) return 'Messages';
  return isRows(tree) ? 'Table' : null;
}
