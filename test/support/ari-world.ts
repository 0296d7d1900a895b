import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AriPeerAnswer, AriPeerRequest } from './ari-peer.ts';
import { traceFolder } from './judge-calls.ts';

type Json = Record<string, unknown>;

/** A PBX at one moment of a recording: what its REST interface would have answered then. */
export interface AriWorld {
  /** The next thing that happens on it. `at`: by the clock of the PBX. */
  live(event: unknown, at: number): void;
  answer(request: Pick<AriPeerRequest, 'method' | 'path' | 'query'>): AriPeerAnswer | null;
}

/** `linkedIds`: by channel, as AMI has them. The clock of this PBX goes `ahead` ms before that of the recording. */
export function createAriWorld(linkedIds: ReadonlyMap<string, string>, startedAt: number, ahead = 0): AriWorld {
  const channels = new Map<string, Json>();
  const bridges = new Map<string, Json>();
  /** Where each channel came in, which it remembers wherever it is sent. */
  const dialled = new Map<string, unknown>();
  let now = startedAt;

  function note(value: unknown): void {
    if (!isObject(value) || typeof value.id !== 'string') return;
    if (Array.isArray(value.channels)) bridges.set(value.id, value);
    else if (typeof value.name === 'string' && isObject(value.dialplan)) {
      channels.set(value.id, value);
      if (!dialled.has(value.id)) dialled.set(value.id, value.dialplan.exten);
    }
  }

  function body({ path: asked, query }: Pick<AriPeerRequest, 'path' | 'query'>): unknown {
    switch (asked) {
      case '/asterisk/ping':
        return { ping: 'pong', timestamp: asteriskTime(now + ahead) };
      case '/asterisk/info':
        return { status: { startup_time: asteriskTime(startedAt + ahead), last_reload_time: asteriskTime(startedAt + ahead) } };
      case '/channels':
        return [...channels.values()].map((channel) => moved(channel, ahead));
      case '/bridges':
        return [...bridges.values()];
      default:
        return variable(asked, query.variable ?? '');
    }
  }

  function variable(asked: string, name: string): unknown {
    const id = decodeURIComponent(/^\/channels\/([^/]+)\/variable$/.exec(asked)?.[1] ?? '');
    if (!channels.has(id)) return null;
    if (name === 'CHANNEL(linkedid)') return { value: linkedIds.get(id) ?? id };
    return name === 'CALLERID(DNID)' ? { value: dialled.get(id) } : null;
  }

  return {
    live(event, at) {
      now = at;
      if (!isObject(event)) return;
      for (const value of Object.values(event)) note(value);
      if (event.type === 'ChannelDestroyed') channels.delete(idOf(event.channel));
      if (event.type === 'BridgeDestroyed') bridges.delete(idOf(event.bridge));
    },
    answer({ method, path: asked, query }) {
      if (method !== 'GET' || asked.startsWith('/api-docs/')) return null;
      const told = body({ path: asked, query });
      return told === null ? null : { status: 200, body: told };
    },
  };
}

/**
 * `Linkedid` at birth, by `Uniqueid`, from the AMI recordings of the same scenario; and where AMI was away, from who dialled whom.
 */
export function linkedIdsOf(scenario: string, events: readonly unknown[]): ReadonlyMap<string, string> {
  const linkedIds = new Map<string, string>();
  for (const event of events) {
    if (!isObject(event) || event.type !== 'Dial' || !isObject(event.caller)) continue;
    const caller = idOf(event.caller);
    linkedIds.set(idOf(event.peer), linkedIds.get(caller) ?? caller);
  }
  for (const file of readdirSync(traceFolder).filter((name) => name.startsWith(`${scenario}.`) && name.endsWith('.ami.gz'))) {
    const text = gunzipSync(readFileSync(path.join(traceFolder, file))).toString('latin1');
    const born = text.matchAll(/^Event: Newchannel\r\n(?:.+\r\n)*?Uniqueid: (\S+)\r\nLinkedid: (\S+)\r\n/gm);
    for (const [, id = '', linkedId = ''] of born) linkedIds.set(id, linkedId);
  }
  return linkedIds;
}

function moved(channel: Json, byMs: number): Json {
  return { ...channel, creationtime: asteriskTime(Date.parse(String(channel.creationtime)) + byMs) };
}

/** `2026-11-23T04:56:25.495+0900` */
function asteriskTime(ms: number): string {
  return new Date(ms + 9 * 3_600_000).toISOString().replace('Z', '+0900');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function idOf(value: unknown): string {
  return isObject(value) ? String(value.id) : '';
}
