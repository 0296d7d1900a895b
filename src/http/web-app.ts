/** The built browser app: hashed files are kept by browsers for a year, the page itself never. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router } from 'express';
import { Problem } from './problem.ts';

export function webApp(folder: string): Router {
  const router = Router();
  const page = join(folder, 'index.html');
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false, fallthrough: false }),
  );
  router.use(
    express.static(folder, {
      index: false,
      cacheControl: false,
      setHeaders: (response) => response.set('Cache-Control', 'no-cache'),
    }),
  );
  router.get('/{*page}', (request, response, next) => {
    if (!request.accepts('html') || request.path.startsWith('/api/')) {
      next();
      return;
    }
    if (!existsSync(page)) throw new Problem(503, 'not-built', 'The web app has not been built: run `npx vite build`.');
    response.set('Cache-Control', 'no-cache').sendFile(page);
  });
  return router;
}
