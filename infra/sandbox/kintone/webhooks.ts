/**
 * Tells whoever asked for it what happened to a record: once, without retry or signature, sixty times a minute at most.
 * What is beyond that is dropped, as the service drops it.
 */
import { commentView } from './comment-endpoints.ts';
import { NOTICE_TYPES, type Notice } from './notices.ts';
import { recordTitle } from './record-title.ts';
import { viewRecord } from './record-view.ts';
import { nameOf, type People } from './sandbox-people.ts';

export interface Webhook {
  readonly app: string;
  /** On this machine: the sandbox speaks to nobody else. */
  readonly url: string;
  readonly types: readonly Notice['type'][];
}

export interface SentNotice {
  readonly url: string;
  readonly type: Notice['type'];
  /** The receiver's; null: it could not be reached. `dropped`: too many in this minute. */
  readonly status: number | 'dropped' | null;
}

export interface Webhooks {
  /** @throws Error for an address elsewhere, an eleventh of one app, an unknown type */
  add(webhook: Webhook): void;
  clear(): void;
  list(): readonly Webhook[];
  tell(notices: readonly Notice[], origin: string): void;
  /** The last hundred, oldest first. */
  sent(): readonly SentNotice[];
  /** Once all that was under way is told. */
  settled(): Promise<void>;
}

export interface WebhooksWorld {
  readonly now: () => number;
  readonly newId: () => string;
  readonly people: People;
}

const MOST_OF_AN_APP = 10;
const MOST_A_MINUTE = 60;
const MOST_KEPT = 100;
const MINUTE_MS = 60_000;
const TIMEOUT_MS = 10_000;

export function openWebhooks(world: WebhooksWorld): Webhooks {
  let hooks: readonly Webhook[] = [];
  let told: readonly number[] = [];
  let sent: readonly SentNotice[] = [];
  const underWay = new Set<Promise<void>>();

  const keep = (entry: SentNotice): void => {
    sent = [...sent, entry].slice(-MOST_KEPT);
  };
  const post = async (url: string, type: Notice['type'], body: object): Promise<void> => {
    const since = world.now() - MINUTE_MS;
    told = told.filter((at) => at > since);
    if (told.length >= MOST_A_MINUTE) return keep({ url, type, status: 'dropped' });
    told = [...told, world.now()];
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      keep({ url, type, status: response.status });
    } catch {
      // There is no second try and nobody to tell; the list of what was sent says so.
      keep({ url, type, status: null });
    }
  };
  return {
    add: (webhook) => {
      demandLoopback(webhook.url);
      const unknown = webhook.types.find((type) => !NOTICE_TYPES.includes(type));
      if (unknown !== undefined) throw new Error(`No notice is called ${unknown}. There are: ${NOTICE_TYPES.join(', ')}.`);
      const ofTheApp = hooks.filter(({ app }) => app === webhook.app);
      if (ofTheApp.length >= MOST_OF_AN_APP) throw new Error(`App ${webhook.app} has its ${MOST_OF_AN_APP} webhooks.`);
      hooks = [...hooks, webhook];
    },
    clear: () => {
      hooks = [];
    },
    list: () => hooks,
    tell: (notices, origin) => {
      for (const notice of notices) {
        const body = hooks.length === 0 ? {} : noticeBody(notice, origin, world);
        for (const { url } of hooks.filter(({ app, types }) => app === notice.app.id && types.includes(notice.type))) {
          const telling = post(url, notice.type, body).finally(() => underWay.delete(telling));
          underWay.add(telling);
        }
      }
    },
    sent: () => sent,
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function demandLoopback(text: string): void {
  const url = URL.parse(text);
  const isHere = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (!isHere || !/^https?:$/.test(url.protocol)) {
    throw new Error(`The sandbox sends webhooks to this machine only, by http or https: ${text} is elsewhere.`);
  }
}

function noticeBody(notice: Notice, origin: string, world: WebhooksWorld): object {
  const { app, type } = notice;
  const page = `${origin}/k/${app.id}/show#record=`;
  const head = { id: world.newId(), type, app: { id: app.id, name: app.name } };
  switch (notice.type) {
    case 'DELETE_RECORD':
      return {
        ...head,
        recordId: String(notice.recordId),
        deletedBy: { code: notice.deletedBy, name: nameOf(world.people, notice.deletedBy) },
        deletedAt: `${new Date(notice.deletedAt).toISOString().slice(0, 19)}Z`,
      };
    case 'ADD_RECORD_COMMENT':
      return {
        ...head,
        recordId: String(notice.recordId),
        comment: commentView(notice.comment),
        url: `${page}${notice.recordId}&comment=${notice.comment.id}`,
      };
    default:
      return {
        ...head,
        record: viewRecord(app, notice.record, null, world.people),
        recordTitle: recordTitle(app, notice.record),
        url: `${page}${notice.record.id}`,
      };
  }
}
