/** What the real service has not, or only for people: faults, the log of requests, webhooks, usage. Outside `/k`. */
import express, { type Response, type Router } from 'express';
import { deleteByHand } from './by-hand.ts';
import { FAULT_KINDS, type Fault, type Faults } from './faults.ts';
import { KintoneFailure } from './kintone-failure.ts';
import { NOTICE_TYPES, type Notice } from './notices.ts';
import { isObject } from './request-arguments.ts';
import type { RequestLog } from './request-log.ts';
import type { SandboxState } from './sandbox-state.ts';
import { DAILY_LIMIT } from './usage.ts';
import type { Webhook, Webhooks } from './webhooks.ts';

export interface SandboxRoutesWorld {
  readonly state: SandboxState;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly webhooks: Webhooks;
}

const MOST_FAULTS = 100;

/** `faults`, `requests`, `webhooks`, `usage`, and `apps/1/records/5` to delete by hand; all below `/sandbox`. */
export function sandboxRoutes(world: SandboxRoutesWorld): Router {
  const router = express.Router();
  router.use(express.json());
  faultRoutes(router, world.faults);
  webhookRoutes(router, world.webhooks);
  router.get('/requests', (_request, response) => {
    response.json({ count: world.log.count(), requests: world.log.entries() });
  });
  router.delete('/requests', (_request, response) => {
    world.log.clear();
    response.json({ count: 0 });
  });
  router.get('/usage', (_request, response) => {
    response.json({ dailyLimit: DAILY_LIMIT, today: Object.fromEntries(world.state.usage.today()) });
  });
  router.delete('/apps/:app/records/:id', (request, response) => {
    const { app, id } = request.params;
    const user = typeof request.query.user === 'string' ? request.query.user : 'Administrator';
    try {
      const notice = deleteByHand(world.state, app, Number(id), user);
      world.webhooks.tell([notice], `${request.protocol}://${request.get('Host') ?? 'localhost'}`);
      response.json({});
    } catch (error) {
      if (!(error instanceof KintoneFailure)) throw error;
      response.status(error.status).json({ error: error.wording.en });
    }
  });
  return router;
}

function faultRoutes(router: Router, faults: Faults): void {
  router.get('/faults', (_request, response) => {
    response.json({ kinds: FAULT_KINDS, faults: faults.list() });
  });
  router.post('/faults', (request, response) => {
    const fault = readFault(request.body);
    if (fault === null || faults.list().length >= MOST_FAULTS) {
      return refuse(response, `Send {kind, times?, method?, path?, field?}; kinds: ${FAULT_KINDS.join(', ')}.`);
    }
    faults.add(fault);
    return response.json({ faults: faults.list() });
  });
  router.delete('/faults', (_request, response) => {
    faults.clear();
    response.json({ faults: [] });
  });
}

function webhookRoutes(router: Router, webhooks: Webhooks): void {
  router.get('/webhooks', (_request, response) => {
    response.json({ webhooks: webhooks.list(), sent: webhooks.sent() });
  });
  router.post('/webhooks', (request, response) => {
    const webhook = readWebhook(request.body);
    if (webhook === null) return refuse(response, `Send {app, url, types?}; types: ${NOTICE_TYPES.join(', ')}.`);
    try {
      webhooks.add(webhook);
    } catch (error) {
      return refuse(response, error instanceof Error ? error.message : String(error));
    }
    return response.json({ webhooks: webhooks.list() });
  });
  router.delete('/webhooks', (_request, response) => {
    webhooks.clear();
    response.json({ webhooks: [] });
  });
}

function refuse(response: Response, error: string): Response {
  return response.status(400).json({ error });
}

function readWebhook(body: unknown): Webhook | null {
  if (!isObject(body) || typeof body.url !== 'string' || !/^\d+$/.test(String(body.app))) return null;
  const types = body.types === undefined ? NOTICE_TYPES : body.types;
  if (!Array.isArray(types)) return null;
  return { app: String(body.app), url: body.url, types: types.map(String) as Notice['type'][] };
}

function readFault(body: unknown): Fault | null {
  if (!isObject(body)) return null;
  const kind = FAULT_KINDS.find((each) => each === body.kind);
  const times = body.times === undefined ? undefined : Number(body.times);
  if (kind === undefined || (times !== undefined && !(Number.isInteger(times) && times > 0))) return null;
  const texts = (['method', 'path', 'field'] as const).flatMap((name) => {
    const value = body[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { kind, ...(times === undefined ? {} : { times }), ...Object.fromEntries(texts) };
}
