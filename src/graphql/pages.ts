import fs from 'node:fs';
import path from 'node:path';

import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

import type { Config } from '../config.js';

/** The addresses that are pages. Any other that is no file is not found: a missing script must not come back as HTML. */
const PAGES: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/sign-in': 'index.html',
  '/explorer': 'explorer.html',
};

/** What stands under it is told apart by the page itself. */
const ROUTED = /^\/(manage|answered|account)(\/|$)/;

const YEAR_SECONDS = 31_536_000;

/** Only our own files run or load, and no text becomes markup: neither as a script nor by way of one. */
const STRICT = {
  defaultSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
};

/** The explorer's editor writes markup, places its lines by style attributes, and carries its fonts in its style sheet. */
const EXPLORER = {
  ...STRICT,
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  requireTrustedTypesFor: null,
};

/**
 * What browsers are told about every answer. Nothing but our own files runs or loads, so that evidence which a page
 * should ever show as markup could neither run a script nor call home. HSTS and the upgrade to https are left to the
 * proxy that has the certificate: over plain http they would lock people out.
 */
export function protectBrowsers(app: NestExpressApplication, { trustedOrigins }: Pick<Config, 'trustedOrigins'>): void {
  app.disable('x-powered-by');
  const [strict, explorer] = [STRICT, EXPLORER].map((directives) =>
    helmet({ contentSecurityPolicy: { useDefaults: false, directives }, strictTransportSecurity: false }),
  );
  app.use((request: Request, response: Response, next: NextFunction) =>
    (request.path === '/explorer' ? explorer : strict)!(request, response, next),
  );
  if (trustedOrigins.length > 0) {
    app.enableCors({ origin: [...trustedOrigins], credentials: true, methods: ['GET', 'POST', 'DELETE'], maxAge: 600 });
  }
}

/** Serves the built pages of a folder; does nothing when there are none. */
export function servePages(app: NestExpressApplication, folder: string): void {
  if (!fs.existsSync(path.join(folder, 'assets'))) return;
  app.use((request: Request, response: Response, next: NextFunction) => {
    const page = ROUTED.test(request.path) ? 'index.html' : PAGES[request.path];
    if (!page || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    response.setHeader('cache-control', 'no-cache');
    response.sendFile(page, { root: folder, cacheControl: false }, (error?: Error) => error && next(error));
  });
  app.useStaticAssets(folder, {
    index: false,
    redirect: false,
    setHeaders: (response: Response, file: string) => {
      // Files in assets/ carry a hash of their content in their name.
      const isHashed = path.relative(folder, file).startsWith(`assets${path.sep}`);
      response.setHeader('cache-control', isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
    },
  });
}
