import { Component, type ReactNode } from 'react';

import { Notice } from './notice.js';

/** A fault of the page itself is said, instead of an empty window. What was typed is kept at every keystroke. */
export class FaultBoundary extends Component<{ children: ReactNode }, { message: string | null }> {
  override state = { message: null };

  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <Notice title="This page has a fault" action="Load it again" onAction={() => location.reload()}>
        <p>What you wrote is kept. If it happens again, tell whoever runs this service: {message}</p>
      </Notice>
    );
  }
}
