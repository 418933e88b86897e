import { RiskLevel } from './risk-level.js';

/** How people write what the parser calls by a name; what is not in here is a name, a number or a text. */
const SIGNS: Readonly<Record<string, string>> = {
  PLUS: '+',
  MINUS: '-',
  MULTIPLY: '*',
  DIVIDE: '/',
  MODULO: '%',
  EQ: '==',
  NE: '!=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
  AND: '&&',
  OR: '||',
  NOT: '!',
  IN: 'in',
  LPAREN: '(',
  RPAREN: ')',
  LBRACKET: '[',
  RBRACKET: ']',
  LBRACE: '{',
  RBRACE: '}',
  DOT: '.',
  COMMA: ',',
  COLON: ':',
  QUESTION: '?',
};

/** What is wrong with a condition, so that whoever wrote it can put it right. */
export function explain(summary: string, text: string): string {
  const [, expected, unexpected] = /^(?:Expected (\w+), got |Unexpected token: )(\w+)$/.exec(summary) ?? [];
  if (expected !== undefined) return `${named(expected)} is missing here`;
  if (unexpected === 'EOF') return text.trim() === '' ? 'is empty' : 'ends too early: something has to follow';
  if (unexpected !== undefined) return `${named(unexpected)} cannot stand here`;
  if (summary === 'Unterminated string') return 'a text begins here and does not end: its closing quote is missing';
  if (summary.includes('has() invalid argument')) {
    return `${summary}; has() asks for a member, as has(signals.x): use hasConfidence or hasRisk for the others`;
  }
  if (/int (==|!=|<=?|>=?) string|string (==|!=|<=?|>=?) int/.test(summary) && /\brisk\b/.test(text)) {
    return `${summary}; write risks without quotes, as in risk >= HIGH (${Object.values(RiskLevel).join(' < ')})`;
  }
  if (/(double|int) (==|!=) null/.test(summary)) return `${summary}; ask hasConfidence or hasRisk`;
  if (summary.startsWith('Unknown variable: ')) {
    return `${summary}; known are confidence, hasConfidence, risk, hasRisk, signals, tags, reasons, source, model, prompt`;
  }
  return summary;
}

function named(token: string): string {
  const sign = SIGNS[token];
  if (sign !== undefined) return `"${sign}"`;
  if (token === 'EOF') return 'the end of the condition';
  return token === 'IDENTIFIER' ? 'a name' : `a ${token.toLowerCase()}`;
}
