import type { PbxCounters } from '../fresh-ids.ts';
import type { PbxState } from '../pbx-state.ts';
import type { After } from '../player.ts';
import { memberHeaders } from '../queue-board.ts';
import { adoptCall } from './adopt.ts';
import { createAnnouncer } from './announce.ts';
import { blockOf } from './channel.ts';
import { createDeviceBoard } from './device-board.ts';
import type { Dialplan } from './dialplan.ts';
import { applications } from './dialplan-applications.ts';
import type { LivePbx, StasisDoor } from './live-pbx.ts';
import type { PhoneRules } from './phone-rules.ts';

export interface LivePbxOptions {
  readonly now: () => number;
  readonly after: After;
  readonly newId: () => string;
  readonly counters: PbxCounters;
  readonly state: PbxState;
  readonly tell: (packet: string) => void;
  readonly tellEvent: (json: string) => void;
  readonly phones: PhoneRules;
  readonly dialplan: Dialplan;
  readonly stasis: StasisDoor;
  /** Takes the call of this channel out of whatever plays it. */
  readonly stopPlaying: (channelId: string) => void;
}

/** An Asterisk that has just been started, without a channel; `kill` silences it for good. */
export function startLivePbx(options: LivePbxOptions): { readonly pbx: LivePbx; readonly kill: () => void } {
  const { state, now, after } = options;
  let isKilled = false;
  const unlessKilled = <Value>(run: (value: Value) => void) => {
    return (value: Value) => {
      if (!isKilled) run(value);
    };
  };
  const announce = createAnnouncer({
    now,
    tell: unlessKilled(options.tell),
    tellEvent: unlessKilled(options.tellEvent),
    note: unlessKilled((channel) => {
      const { application, applicationData, protocolId } = channel;
      state.note(channel.id, { block: blockOf(channel), application, applicationData, protocolId });
    }),
  });
  const devices = createDeviceBoard((device, news) => {
    const body = { device_state: { name: device, state: news } };
    announce.say(
      'DeviceStateChange',
      'call',
      [
        ['Device', device],
        ['State', news],
      ],
      'DeviceStateChanged',
      body,
    );
    for (const { queue, member } of state.queues.membersAt(device)) {
      const fields = { ...member.fields, Status: news === 'NOT_INUSE' ? '1' : '3' };
      announce.say('QueueMemberStatus', 'agent', memberHeaders(queue.name, { ...member, fields }));
    }
  });
  const pbx: LivePbx = {
    ...{ now, newId: options.newId, counters: options.counters, state, announce, devices },
    ...{ phones: options.phones, dialplan: options.dialplan, stasis: options.stasis, applications },
    after: (ms, run) =>
      after(ms, () => {
        if (!isKilled) run();
      }),
    adopt: (nameOrId) => adoptCall(pbx, state, nameOrId, options.stopPlaying),
    ...{ globals: new Map([['MAINDID', '0312345678']]), channels: new Map(), bridges: new Map(), serial: 0 },
    ...{ parked: new Map(), waitingRooms: new Map() },
  };
  return {
    pbx,
    kill: () => {
      isKilled = true;
    },
  };
}
