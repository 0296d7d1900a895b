/** The hub as a process: reads the environment, composes, starts, stops on a signal. */
import { randomBytes } from 'node:crypto';
import { environmentWith } from './config/environment.ts';
import { listOf } from './config/list-of.ts';
import { readSettings, type Settings } from './config/read-settings.ts';
import {
  openConnectors,
  openJobs,
  openMappings,
  openStore,
  pbxParts,
  routingParts,
  sessionSecret,
  styleOf,
  webhookSecret,
} from './hub/open-parts.ts';
import { openQuotas } from './hub/open-quotas.ts';
import { type Hub, startHub } from './hub.ts';
import { openRoutingRules } from './mappings/routing-rules-file.ts';
import { createLog, type Log, type LogLevel } from './observability/log.ts';

/** Ids that nobody guesses: ActionIDs, leases, sessions. */
export const newId = (): string => randomBytes(16).toString('base64url');

export interface ProcessWorld {
  readonly settings: Settings;
  readonly webFolder: string | null;
  readonly version: string;
  readonly log: Log;
  /** Milliseconds since 1970; the machine's clock unless given. */
  readonly now?: () => number;
}

export async function composeHub({ settings, webFolder, version, log, now = Date.now }: ProcessWorld): Promise<Hub> {
  const { hub } = settings;
  const store = await openStore(settings, log);
  try {
    const quotas = openQuotas(settings, { store, now, newId, log });
    return await startHub({
      version,
      store,
      quotas,
      mappings: await openMappings(settings, log),
      mappingsDirectory: hub.MAPPINGS_DIR,
      connectors: openConnectors(settings, log, quotas),
      pbxs: settings.pbxs.map((pbx) => pbxParts(pbx, hub.TIME_ZONE)),
      supervisors: listOf(hub.SUPERVISORS),
      listCallerIds: settings.listCallerIds,
      fillInMs: Number(hub.FILL_IN_SECONDS) * 1_000,
      agents: settings.agents,
      style: styleOf(settings),
      routing: routingParts(settings),
      routingRules: await openRoutingRules({ directory: hub.MAPPINGS_DIR, numbers: { region: hub.PHONE_REGION }, log }),
      directorySyncMs: Number(hub.DIRECTORY_SYNC_SECONDS) * 1_000,
      http: { host: hub.HTTP_HOST, port: Number(hub.HTTP_PORT), webFolder, publicOrigin: hub.PUBLIC_ORIGIN ?? null },
      sessionSecret: sessionSecret(settings),
      webhookSecret: webhookSecret(settings),
      log,
      now,
      newId,
      random: Math.random,
      // Last: they speak to Redis from now on, and the hub ends them also when it cannot start.
      ...openJobs(settings, log),
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Runs until SIGINT or SIGTERM; a second one does not wait. @throws WrongSettings before anything is opened */
export async function runHub(world: Omit<ProcessWorld, 'settings' | 'log'> & { readonly envFile: string }): Promise<void> {
  const settings = readSettings(environmentWith(world.envFile, process.env));
  const log = createLog(settings.hub.LOG_LEVEL as LogLevel);
  const hub = await composeHub({ ...world, settings, log });
  process.stdout.write(`Toritsugi is ready: ${hub.url}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  log('info', 'stopping');
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  await hub.stop();
}
