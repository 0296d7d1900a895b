/** Settings made into the things they speak of; the one place that knows which implementation a setting chooses. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Connector } from '../../connectors/connector.ts';
import { listOf } from '../config/list-of.ts';
import type { PbxSettingValues } from '../config/pbx-settings.ts';
import { unreadableFile } from '../config/read-declared.ts';
import type { PbxChoice } from '../config/read-pbxs.ts';
import type { Settings } from '../config/read-settings.ts';
import { WrongSettings, wrongSetting } from '../config/setting.ts';
import { createBullJobs } from '../jobs/bull-jobs.ts';
import { createInProcessJobs } from '../jobs/in-process-jobs.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { MappingStore } from '../mappings/mapping-store.ts';
import type { WritingStyle } from '../mappings/writing-style.ts';
import type { Log } from '../observability/log.ts';
import type { Quotas } from '../quotas/quotas.ts';
import { migrate } from '../store/migrate.ts';
import { openDatabase, type Store } from '../store/open-database.ts';
import { type AmiSettings, amiDefaults } from '../telephony/ami/ami-client.ts';
import { createAsteriskManagerAmiClient } from '../telephony/ami/asterisk-manager-ami-client.ts';
import { createOwnAmiClient } from '../telephony/ami/own-ami-client.ts';
import { type AriSettings, ariDefaults } from '../telephony/ari/ari-client.ts';
import { createOwnAriClient } from '../telephony/ari/own-ari-client.ts';
import { createPackagedAriClient } from '../telephony/ari/packaged-ari-client.ts';
import type { GuardedKind } from '../telephony/commands/destination.ts';
import { defaultNumbering, type Numbering, readNumberRanges } from '../telephony/numbering.ts';
import type { PbxEars } from '../telephony/pbx-listener.ts';
import type { PbxDialling, PbxParts } from './hub-parts.ts';
import { openRecordSources } from './record-sources.ts';
import type { RoutingParts } from './routing-help.ts';

export function styleOf({ hub }: Settings): WritingStyle {
  return { locale: hub.LANGUAGE === 'en' ? 'en' : 'ja', timeZone: hub.TIME_ZONE, region: hub.PHONE_REGION };
}

export function databaseUrl(hub: { readonly DATABASE_URL?: string | undefined; readonly TORITSUGI_DATA_DIR: string }): string {
  return hub.DATABASE_URL ?? `sqlite:${path.join(hub.TORITSUGI_DATA_DIR, 'toritsugi.db')}`;
}

/** Opened and migrated. */
export async function openStore({ hub }: Settings, log: Log): Promise<Store> {
  const url = databaseUrl(hub);
  const store = openDatabase({ url, onConnectionError: (error) => log('warn', 'a database connection broke', { error }) });
  const ran = await migrate(store);
  if (ran.length > 0) log('info', 'the database was brought up to date', { migrations: ran });
  return store;
}

export function openJobs({ hub }: Settings, log: Log): { readonly jobs: Jobs; readonly jobsAreOnRedis: boolean } {
  if (hub.REDIS_URL === undefined) return { jobs: createInProcessJobs({ log }), jobsAreOnRedis: false };
  return { jobs: createBullJobs({ url: hub.REDIS_URL, log }), jobsAreOnRedis: true };
}

export interface ConfiguredConnector {
  readonly name: string;
  readonly label: string;
  readonly connector: Connector;
  /** For batches in which nothing is new. */
  readonly corrections: Connector;
  readonly maxBatch: number;
}

export function openConnectors(settings: Pick<Settings, 'connectors'>, log: Log, quotas: Quotas): readonly ConfiguredConnector[] {
  return settings.connectors.map(({ name, definition, settings: own }) => {
    const { maxBatch } = definition;
    const label = definition.ownLabel?.(own) ?? definition.label;
    const opened = definition.open(own, { now: Date.now, log, onRequest: quotas.onRequest(name) });
    return { name, label, maxBatch, ...quotas.guard(name, opened) };
  });
}

export async function openMappings(settings: Settings, log: Log): Promise<MappingStore> {
  const connectors = settings.connectors.map(({ name }) => name);
  return MappingStore.open({ directory: settings.hub.MAPPINGS_DIR, connectors, locale: styleOf(settings).locale, log });
}

export function pbxParts({ name, values }: PbxChoice, timeZone: string): PbxParts {
  const records = openRecordSources(values, timeZone);
  return { name, ears: earsOf(values), numbering: numberingOf(values), dialling: diallingOf(values), records };
}

function earsOf(values: PbxSettingValues): PbxEars {
  const { AMI_USER, AMI_SECRET = '', ARI_USER, ARI_PASSWORD = '', ARI_URL = '' } = values;
  return {
    ami: AMI_USER === undefined ? null : amiEar(values, { username: AMI_USER, secret: AMI_SECRET }),
    ari: ARI_USER === undefined ? null : ariEar(values, { username: ARI_USER, password: ARI_PASSWORD, url: ARI_URL }),
  };
}

function amiEar(values: PbxSettingValues, user: Pick<AmiSettings, 'username' | 'secret'>): NonNullable<PbxEars['ami']> {
  const tls = values.AMI_TLS === 'on' ? { ca: certificate('AMI_CA_FILE', values.AMI_CA_FILE), servername: null } : null;
  return {
    settings: { ...amiDefaults, ...user, host: values.AMI_HOST, port: Number(values.AMI_PORT), tls },
    clientFactory: values.AMI_CLIENT === 'asterisk-manager' ? createAsteriskManagerAmiClient : createOwnAmiClient,
  };
}

function ariEar(values: PbxSettingValues, user: Pick<AriSettings, 'username' | 'password' | 'url'>): NonNullable<PbxEars['ari']> {
  return {
    settings: { ...ariDefaults, ...user, app: values.ARI_APP, ca: certificate('ARI_CA_FILE', values.ARI_CA_FILE) },
    clientFactory: values.ARI_CLIENT === 'ari-client' ? createPackagedAriClient : createOwnAriClient,
  };
}

function certificate(key: string, file: string | undefined): string | null {
  if (file === undefined) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new WrongSettings([unreadableFile(key, file)]);
  }
}

function numberingOf({ INSIDE_PHONES, OUTSIDE_PREFIX, INSIDE_NUMBERS }: PbxSettingValues): Numbering {
  return {
    ...defaultNumbering,
    ...(INSIDE_PHONES === undefined ? {} : { phones: [new RegExp(INSIDE_PHONES, 'u')] }),
    outsidePrefix: OUTSIDE_PREFIX ?? '',
    insideNumbers: INSIDE_NUMBERS === undefined ? null : readNumberRanges(INSIDE_NUMBERS),
  };
}

/** It stands in an address, so it must not be guessed. @throws WrongSettings when it is short or would not survive there */
export function webhookSecret({ hub: { WEBHOOK_SECRET: secret } }: Settings): string | null {
  if (secret === undefined) return null;
  if (/^[\w.~-]{24,500}$/.test(secret)) return secret;
  const problem = wrongSetting(
    'WEBHOOK_SECRET',
    ['its value is too short, or holds what an address cannot', '値が短すぎるか、URL に使えない文字が含まれています'],
    [
      'Use 24 or more letters and digits, for example from `openssl rand -hex 24`.',
      '24 文字以上の英数字を指定してください。例: `openssl rand -hex 24` の出力',
    ],
  );
  throw new WrongSettings([problem]);
}

/** Made once and kept, so that a restart signs nobody out. */
export function sessionSecret({ hub }: Settings): string {
  if (hub.SESSION_SECRET !== undefined) return hub.SESSION_SECRET;
  const file = path.join(hub.TORITSUGI_DATA_DIR, 'session-secret');
  mkdirSync(hub.TORITSUGI_DATA_DIR, { recursive: true });
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}

function diallingOf({ PHONE_DEVICE, RING_SECONDS, CALLER_ID, DIAL_ALLOWED }: PbxSettingValues): PbxDialling {
  return {
    ...{ device: PHONE_DEVICE, ringMs: Number(RING_SECONDS) * 1_000, callerId: CALLER_ID ?? null },
    allow: new Set(listOf(DIAL_ALLOWED) as readonly GuardedKind[]),
  };
}

export function routingParts({ hub, pbxs }: Settings): RoutingParts {
  const app = hub.ROUTING_STASIS_APP;
  const asked = pbxs.flatMap(({ name, values }) => {
    const { ari } = earsOf(values);
    if (app === undefined || ari === null) return [];
    return [{ pbx: name, ari: { ...ari.settings, app, subscribeAll: false }, clientFactory: ari.clientFactory }];
  });
  return {
    timeLimitMs: Number(hub.ROUTING_TIME_LIMIT_MS),
    rememberDays: Number(hub.ROUTING_REMEMBER_DAYS),
    blockWithheld: hub.ROUTING_BLOCK_WITHHELD === 'on',
    token: hub.ROUTING_TOKEN ?? null,
    agi: hub.ROUTING_AGI_PORT === undefined ? null : { host: hub.ROUTING_AGI_HOST, port: Number(hub.ROUTING_AGI_PORT) },
    stasis: asked,
  };
}
