import express, { type Request, type RequestHandler, Router } from 'express';
import type { Faults } from './faults.ts';
import { type FieldAccess, readFieldAccess } from './field-access.ts';
import { checkFault } from './parse-faults.ts';
import type { RequestLog } from './request-log.ts';

export interface SandboxControls {
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly restrictFields: (access: FieldAccess) => void;
}

/** What the sandbox itself can be told and asked, below `/_sandbox`. The real service has nothing of it. */
export function sandboxRoutes({ faults, log, restrictFields }: SandboxControls): Router {
  const router = Router();
  router.use(express.json());
  router.post(
    '/faults',
    told(({ body }) => faults.add(checkFault(body))),
  );
  router.delete(
    '/faults',
    told(() => faults.clear()),
  );
  router.put(
    '/field-access',
    told(({ body }) => restrictFields(readFieldAccess(body))),
  );
  router.get('/requests', (_request, response) => {
    response.json({ count: log.count(), requests: log.entries() });
  });
  return router;
}

/** Does as told, or says what is wrong with it. */
function told(work: (request: Request) => void): RequestHandler {
  return (request, response) => {
    try {
      work(request);
      response.status(204).end();
    } catch (error) {
      response.status(400).json({ error: error instanceof Error ? error.message : String(error) });
    }
  };
}
