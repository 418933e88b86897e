import { lazy, Suspense } from 'react';

import { Text } from './text.js';

/** Loaded apart; where that fails, the text is shown as it was written. */
const Markdown = lazy<(props: { text: string }) => React.ReactNode>(() =>
  import('./markdown.js').catch(() => ({ default: ({ text }) => <Text text={text} /> })),
);

/** Markdown with its structure; nothing in it acts. */
export function MarkdownText({ text }: { text: string }) {
  return (
    <Suspense fallback={<Text text={text} />}>
      <Markdown text={text} />
    </Suspense>
  );
}
