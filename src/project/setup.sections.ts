import { Injectable } from '@nestjs/common';

import type { SetupSection } from './setup.js';

/** The sections that a set-up document may have. A section registers itself when its module starts. */
@Injectable()
export class SetupSections {
  private readonly byName = new Map<string, SetupSection>();

  register(section: SetupSection): void {
    if (this.byName.has(section.name)) throw new Error(`the set-up section ${section.name} is registered twice`);
    this.byName.set(section.name, section);
  }

  inOrder(): SetupSection[] {
    return [...this.byName.values()].sort((a, b) => a.order - b.order);
  }
}
