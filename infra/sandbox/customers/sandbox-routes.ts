/** What such services have not: faults on request and the log of requests, outside `/api`. */
import express, { type Router } from 'express';
import { isObject } from './checked-values.ts';
import { FAULT_KINDS, type Fault, type Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';

const MOST_FAULTS = 100;

/** `GET POST DELETE /sandbox/faults`, `GET /sandbox/requests`. */
export function sandboxRoutes(world: { readonly faults: Faults; readonly log: RequestLog }): Router {
  const router = express.Router();
  router.use(express.json());
  router.get('/faults', (_request, response) => {
    response.json({ kinds: FAULT_KINDS, faults: world.faults.list() });
  });
  router.post('/faults', (request, response) => {
    const fault = readFault(request.body);
    if (fault === null || world.faults.list().length >= MOST_FAULTS) {
      response.status(400).json({ error: `Send {kind, times?, on?, field?}; kinds: ${FAULT_KINDS.join(', ')}.` });
      return;
    }
    world.faults.add(fault);
    response.json({ faults: world.faults.list() });
  });
  router.delete('/faults', (_request, response) => {
    world.faults.clear();
    response.json({ faults: [] });
  });
  router.get('/requests', (_request, response) => {
    response.json({ count: world.log.count(), requests: world.log.entries() });
  });
  return router;
}

function readFault(body: unknown): Fault | null {
  if (!isObject(body)) return null;
  const kind = FAULT_KINDS.find((each) => each === body.kind);
  const times = body.times === undefined ? undefined : Number(body.times);
  if (kind === undefined || (times !== undefined && !(Number.isInteger(times) && times > 0))) return null;
  const texts = (['on', 'field'] as const).flatMap((name) => {
    const value = body[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { kind, ...(times === undefined ? {} : { times }), ...Object.fromEntries(texts) };
}
