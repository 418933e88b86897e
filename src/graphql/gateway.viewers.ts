import { Injectable } from '@nestjs/common';

import { Authenticator } from '../access/authenticator.js';
import { Identify } from '../access/identify.js';
import type { Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { closeCodes, type LiveSocket } from './gateway.socket.js';
import { socketLimits } from './limits.js';
import { RequestFaults } from './request.faults.js';

/**
 * Who is behind each socket, from `connection_init` until the credential ends. A socket whose viewer may do other things
 * than when it was opened is closed too: its client comes back and is told what holds now.
 */
@Injectable()
export class SocketViewers {
  private readonly byKey = new Map<string, Set<LiveSocket>>();

  constructor(
    private readonly identify: Identify,
    private readonly authenticator: Authenticator,
    private readonly faults: RequestFaults,
  ) {}

  /** With a token in the parameters or the session's cookie. False closes the socket as forbidden. */
  async signIn(live: LiveSocket, params: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const given = params?.authorization ?? params?.Authorization;
    try {
      const viewer = await this.identify.viewerOf(
        this.identify.connectionOf(live.request),
        typeof given === 'string' ? given : undefined,
      );
      if (!viewer) return false;
      if ((this.byKey.get(keyOf(viewer))?.size ?? 0) >= socketLimits.socketsPerKey) {
        live.close(closeCodes.tooMuch, 'Too many connections for this key');
        return false;
      }
      this.enter(live, viewer);
      return true;
    } catch (error) {
      const { code } = this.faults.settle(error);
      live.close(code === 'INTERNAL' ? closeCodes.internal : closeCodes.tooMuch, code);
      return false;
    }
  }

  leave(live: LiveSocket): void {
    const key = live.viewer && keyOf(live.viewer);
    const sockets = key ? this.byKey.get(key) : undefined;
    sockets?.delete(live);
    if (key && sockets?.size === 0) this.byKey.delete(key);
  }

  /** Asks once for each credential, however many sockets it holds. */
  async recheck(): Promise<void> {
    await Promise.all([...this.byKey.values()].map((sockets) => this.recheckKey([...sockets])));
  }

  private async recheckKey(sockets: readonly LiveSocket[]): Promise<void> {
    const known = sockets[0]?.viewer;
    if (!known) return;
    try {
      const today = await this.authenticator.stillValid(known);
      for (const socket of sockets) {
        if (!today || (socket.viewer && rightsOf(socket.viewer) !== rightsOf(today))) socket.forbid();
        else socket.viewer = today;
      }
    } catch (error) {
      // While the database cannot be asked, what was true stays true; expiry is seen without it.
      if (!(error instanceof Refusal)) this.faults.settle(error);
      for (const socket of sockets) socket.currentViewer();
    }
  }

  private enter(live: LiveSocket, viewer: Viewer): void {
    // It may have left while the credential was looked up.
    if (live.socket.readyState !== live.socket.OPEN) return;
    live.viewer = viewer;
    const sockets = this.byKey.get(keyOf(viewer)) ?? new Set();
    this.byKey.set(keyOf(viewer), sockets.add(live));
  }
}

function keyOf({ projectId, keyId }: Viewer): string {
  return `${projectId}_${keyId}`;
}

function rightsOf({ member, scopes }: Viewer): string {
  return member ? member.role : [...scopes].sort().join(',');
}
