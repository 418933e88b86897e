import type { DocumentNode } from 'graphql';

import { limits } from './limits.js';

/**
 * Documents that were parsed and found valid, least recently used dropped first. Bounded by the length of their text as
 * well as by number: a parsed document takes some sixty times its text.
 */
export class DocumentStore {
  private readonly documents = new Map<string, DocumentNode>();
  private length = 0;

  async get(key: string): Promise<DocumentNode | undefined> {
    const document = this.documents.get(key);
    if (document) {
      this.documents.delete(key);
      this.documents.set(key, document);
    }
    return document;
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    await this.delete(key);
    this.documents.set(key, document);
    this.length += lengthOf(document);
    for (const oldest of this.documents.keys()) {
      if (this.documents.size <= limits.documents && this.length <= limits.documentsLength) break;
      await this.delete(oldest);
    }
  }

  async delete(key: string): Promise<boolean> {
    const document = this.documents.get(key);
    if (document) this.length -= lengthOf(document);
    return this.documents.delete(key);
  }
}

function lengthOf({ loc }: DocumentNode): number {
  return loc?.source.body.length ?? 0;
}
