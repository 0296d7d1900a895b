/** The calls of all PBXs: one tracker, kept in the ledger by the journal, so that a killed hub goes on where it was. */
import type { CallEvent, CallId, LiveCall } from '../calls/call.ts';
import type { Journal } from '../calls/journal.ts';
import type { Ledger } from '../calls/ledger-store.ts';
import { createTracker, expectLeg, liveCalls, type TrackerSettings, track } from '../calls/tracker.ts';
import { type LiveLeg, liveLegs } from '../calls/tracker-legs.ts';
import { restoreCalls, type SavedCall, saveCall } from '../calls/tracker-save.ts';
import type { Log } from '../observability/log.ts';
import type { TelephonyEvent } from '../telephony/telephony-event.ts';

export interface HeardCallsDeps {
  readonly settings: TrackerSettings;
  /** The names of the PBXs that are listened to. */
  readonly pbxs: readonly string[];
  readonly journal: Pick<Journal, 'record'>;
  readonly ledger: Pick<Ledger, 'live'>;
  readonly now: () => number;
  readonly log: Log;
}

export interface HeardCalls {
  /** Reads back what was going on when the hub last wrote. Before the first event. */
  restore(): Promise<void>;
  onTelephonyEvent(pbx: string, event: TelephonyEvent): void;
  /**
   * Tells `listener` every event from now on, after the journal has taken it; of several in the order in which they came. One that
   * throws is logged, and the others and the next event are told all the same.
   */
  listen(listener: (event: CallEvent) => void): void;
  /** The hub is about to place a leg for the call of another: it will belong to that call. Both ids as the PBX writes them. */
  expectLeg(pbx: string, channelId: string, forChannelId: string): void;
  live(): readonly LiveCall[];
  legsOf(idOrAlias: CallId): readonly LiveLeg[];
}

export function createHeardCalls({ settings, pbxs, journal, ledger, now, log }: HeardCallsDeps): HeardCalls {
  const tracker = createTracker(settings);
  const listeners: ((event: CallEvent) => void)[] = [];
  let faults = 0;
  let quietUntil = 0;

  /** A full journal takes no pop away, and a desk that trips over one call keeps no other from the ledger. */
  function tell(event: CallEvent): void {
    const callId = event.call.record.id;
    try {
      journal.record(event, event.type === 'callEnded' ? null : saveCall(tracker, callId));
    } catch (error) {
      noteFault('what became of calls could not be kept', { callId, event: event.type, error });
    }
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        noteFault('what became of calls could not be told', { callId, event: event.type, error });
      }
    }
  }

  /** A line for the call that is lost; of the others one a minute, however many events fail. */
  function noteFault(message: string, fields: Readonly<Record<string, unknown>>): void {
    faults += 1;
    if (fields.event !== 'callEnded' && now() < quietUntil) return;
    log('error', message, { ...fields, faults });
    quietUntil = now() + 60_000;
  }

  /** A call nobody will tell more of is closed with what is known of it: it must reach the CRM all the same. */
  function closeAsItWas(call: LiveCall['record']): void {
    const at = new Date(now()).toISOString();
    const record = { ...call, endedAt: at, result: call.result ?? (call.answered ? 'answered' : 'failed') } as const;
    log('warn', 'a call could not be restored and is closed as it was', { callId: call.id });
    tell({ type: 'callEnded', at, call: { record, phase: 'ended', ringing: [], talking: [] } });
  }

  /** Nobody will tell that the legs a call has at a PBX that is not listened to any more are gone. */
  function forgetUnheard(deafSince: number): void {
    const unheard = new Set([...tracker.channels.values()].map(({ pbx }) => pbx).filter((pbx) => !pbxs.includes(pbx)));
    const nothingThere = { type: 'snapshotTaken', at: deafSince, channels: [], bridges: [], parked: [] } as const;
    for (const pbx of unheard) onTelephonyEvent(pbx, nothingThere);
  }

  function onTelephonyEvent(pbx: string, event: TelephonyEvent): void {
    for (const told of track(tracker, event, pbx)) tell(told);
  }

  return {
    async restore() {
      const restorable = await ledger.live();
      const isHeard = ({ record }: (typeof restorable)[number]) => pbxs.includes(record.pbx);
      const saved = restorable.filter(isHeard).flatMap(({ state }) => (isSavedCall(state) ? [state] : []));
      const deafSince = saved.reduce<number | null>((latest, { call }) => Math.max(latest ?? 0, call.heardAt), null);
      const unreadable = new Set<unknown>(restoreCalls(tracker, saved, deafSince));
      for (const call of restorable) {
        if (!isHeard(call) || !isSavedCall(call.state) || unreadable.has(call.state)) closeAsItWas(call.record);
      }
      if (deafSince !== null) forgetUnheard(deafSince);
      if (saved.length > 0) log('info', 'calls restored; the PBX will tell which of them still go on', { calls: saved.length });
    },
    onTelephonyEvent,
    listen: (listener) => void listeners.push(listener),
    expectLeg: (pbx, channelId, forChannelId) => expectLeg(tracker, pbx, channelId, forChannelId),
    live: () => liveCalls(tracker),
    legsOf: (idOrAlias) => liveLegs(tracker, idOrAlias),
  };
}

function isSavedCall(state: unknown): state is SavedCall {
  return typeof state === 'object' && state !== null && 'version' in state && 'call' in state && 'channels' in state;
}
