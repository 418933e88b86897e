import { lexer, type Token, type Tokens } from 'marked';
import { type ReactNode, useMemo } from 'react';

import { Code } from './code.js';
import './markdown.css';
import { Pieces, Text } from './text.js';

/** Deeper than this nobody writes; what is, is shown as it was written. */
const DEEPEST = 12;

/**
 * Markdown as structure: headings, lists, quotes, tables, code. Only structure: HTML in it is shown as the text that it
 * is, a picture is its description and address, a link does not act and shows where it would lead.
 */
export default function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => read(text), [text]);
  if (!tokens) return <Text text={text} />;
  return (
    <div className="markdown" dir="auto" lang="">
      <Blocks tokens={tokens} depth={0} />
    </div>
  );
}

/** Null for what the reader cannot take: thousands of quotes in each other, say. */
function read(text: string): Token[] | null {
  try {
    return lexer(text, { gfm: true });
  } catch {
    return null;
  }
}

interface Nested {
  tokens: Token[];
  depth: number;
}

function Blocks({ tokens, depth }: Nested) {
  return tokens.map((token, i) => <Block key={i} token={token} depth={depth + 1} />);
}

function Block({ token, depth }: { token: Token; depth: number }): ReactNode {
  if (depth > DEEPEST) return <Text text={token.raw} />;
  switch (token.type) {
    case 'space':
    case 'def':
      return token.type === 'def' ? <p>{<Pieces text={token.raw.trim()} />}</p> : null;
    case 'heading': {
      const { depth: level, tokens = [] } = token as Tokens.Heading;
      // Of the page's own headings there are two levels above.
      return (
        <p role="heading" aria-level={Math.min(level + 2, 6)} className={`heading h${Math.min(level, 4)}`} dir="auto">
          <Inlines tokens={tokens} depth={depth} />
        </p>
      );
    }
    case 'code':
      return <Code text={(token as Tokens.Code).text} />;
    case 'blockquote':
      return (
        <blockquote>
          <Blocks tokens={(token as Tokens.Blockquote).tokens} depth={depth} />
        </blockquote>
      );
    case 'list':
      return <List list={token as Tokens.List} depth={depth} />;
    case 'table':
      return <Table table={token as Tokens.Table} depth={depth} />;
    case 'hr':
      return <hr />;
    case 'checkbox':
      return <Inline token={token} depth={depth} />;
    case 'paragraph':
    case 'text':
      return (
        <p dir="auto">
          <Inlines tokens={(token as Tokens.Paragraph).tokens ?? [asText(token.raw)]} depth={depth} />
        </p>
      );
    default:
      return <Text text={token.raw.trimEnd()} kind="code" />;
  }
}

function List({ list, depth }: { list: Tokens.List; depth: number }) {
  const items = list.items.map((item, i) => (
    <li key={i} dir="auto">
      {item.tokens.map((token, j) =>
        token.type === 'text' ? (
          <Inlines key={j} tokens={(token as Tokens.Text).tokens ?? [asText(token.raw)]} depth={depth} />
        ) : (
          <Block key={j} token={token} depth={depth + 1} />
        ),
      )}
    </li>
  ));
  return list.ordered ? <ol start={Number(list.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ table, depth }: { table: Tokens.Table; depth: number }) {
  const cell = ({ tokens }: Tokens.TableCell) => <Inlines tokens={tokens} depth={depth} />;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {table.header.map((one, i) => (
              <th key={i} scope="col">
                {cell(one)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, i) => (
            <tr key={i}>
              {row.map((one, j) => (
                <td key={j}>{cell(one)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Inlines({ tokens, depth }: Nested) {
  return tokens.map((token, i) => <Inline key={i} token={token} depth={depth + 1} />);
}

function Inline({ token, depth }: { token: Token; depth: number }): ReactNode {
  const inner = <Inlines tokens={'tokens' in token && token.tokens ? token.tokens : []} depth={depth} />;
  if (depth > DEEPEST) return <Pieces text={token.raw} />;
  switch (token.type) {
    case 'strong':
      return <strong>{inner}</strong>;
    case 'em':
      return <em>{inner}</em>;
    case 'del':
      return <s>{inner}</s>;
    case 'codespan':
      return (
        <code>
          <Pieces text={(token as Tokens.Codespan).text} />
        </code>
      );
    case 'br':
      return <br />;
    case 'checkbox':
      return (token as Tokens.Checkbox).checked ? '☑ ' : '☐ ';
    case 'link': {
      const { href, text } = token as Tokens.Link;
      return (
        <span className="address">
          {text !== href && inner} <Address prefix="" href={href} />
        </span>
      );
    }
    case 'image': {
      const { href, text } = token as Tokens.Image;
      return (
        <span className="address">
          <Address prefix={`picture${text ? ` “${text}”` : ''}: `} href={href} />
        </span>
      );
    }
    case 'text': {
      const { tokens = [], text } = token as Tokens.Text;
      return tokens.length > 0 ? inner : <Pieces text={text} />;
    }
    case 'escape':
      return <Pieces text={(token as Tokens.Escape).text} />;
    default:
      return <Pieces text={token.raw} />;
  }
}

/** Where a link would lead, as text. */
function Address({ prefix, href }: { prefix: string; href: string }) {
  return (
    <code>
      <Pieces text={prefix + href} />
    </code>
  );
}

function asText(raw: string): Token {
  return { type: 'text', raw, text: raw } as Tokens.Text;
}
