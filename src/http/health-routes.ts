/** For those who run the hub: is it alive, can it work, how is it doing. */
import { type Response, Router } from 'express';
import type { Registry } from 'prom-client';

/** One thing the hub depends on: a PBX, a connector, the database, Redis. */
export interface Dependency {
  readonly name: string;
  readonly kind: 'pbx' | 'connector' | 'database' | 'queue';
  readonly ok: boolean;
  /** In plain words, without secrets. */
  readonly detail: string;
  /** The same in Japanese; the words of other programs stay as they are. */
  readonly detailJa: string;
  /** The hub answers calls without it, only less well; `/readyz` stays 200. */
  readonly optional: boolean;
}

export interface HealthDeps {
  readonly readiness: () => Promise<readonly Dependency[]>;
  readonly metrics: Registry;
}

/** Readiness that does not answer in time is no readiness. */
const READINESS_TIMEOUT_MS = 5_000;

export function healthRoutes({ readiness, metrics }: HealthDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    await answerReadiness(readiness, response);
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  return router;
}

async function answerReadiness(readiness: HealthDeps['readiness'], response: Response): Promise<void> {
  const dependencies = await withinTime(readiness());
  const isReady = dependencies?.every(({ ok, optional }) => ok || optional) ?? false;
  response
    .status(isReady ? 200 : 503)
    .set('Cache-Control', 'no-store')
    .json({ status: isReady ? 'ready' : 'notReady', dependencies: dependencies ?? [] });
}

async function withinTime<Value>(promise: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), READINESS_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
