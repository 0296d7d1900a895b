import { hangUpPhone } from './call-out.ts';
import type { Channel } from './channel.ts';
import { createChannel, findChannel, type LivePbx, say, setVariable, tellHold } from './live-pbx.ts';
import { phoneOwners } from './phone-rules.ts';
import { runDialplan } from './run-dialplan.ts';
import { enterStasis } from './stasis.ts';
import { partnerOf } from './transfer.ts';

/** What people do at the phones of the sandbox and outside. Calls are named by the Uniqueid of a channel of theirs. */
export interface PhoneCalls {
  /** Somebody outside calls one of our numbers. Returns the Uniqueid of the channel. */
  fromOutside(call: { readonly from: string; readonly to: string; readonly name?: string }): string;
  /** Somebody at a phone dials. */
  fromPhone(extension: string, number: string): string;
  hangUp(channelId: string): void;
  hold(channelId: string): void;
  unhold(channelId: string): void;
  /** Sends a channel, a played one too, into an application of ARI; it stays there until that lets it go. */
  enterStasis(channelId: string, app: string, args: readonly string[]): void;
  /** Uniqueids of the channels that live, by the device (`PJSIP/1002`) they are on; a played one is none of them. */
  channelsOf(device: string): readonly string[];
}

export function createPhoneCalls(live: () => LivePbx): PhoneCalls {
  /** @throws when there is no such channel */
  function channelOf(id: string): Channel {
    const channel = findChannel(live(), id);
    if (channel === null) throw new Error(`The sandbox PBX has no channel ${id}.`);
    return channel;
  }

  function dial(device: string, caller: { number: string; name: string }, context: string, exten: string): string {
    const pbx = live();
    const place = { context, exten, priority: 1 };
    const channel = createChannel(pbx, { device, state: 'Ring', place, caller });
    setVariable(pbx, channel, 'SIPDOMAIN', '127.0.0.1');
    runDialplan(pbx, channel, place);
    return channel.id;
  }

  return {
    fromOutside: ({ from, to, name = '' }) => dial('PJSIP/trunk-in', { number: from, name }, 'from-trunk', to),
    fromPhone(extension, number) {
      const owner = phoneOwners.find((phone) => phone.extension === extension);
      if (owner === undefined) throw new Error(`The sandbox PBX has no phone ${extension}.`);
      return dial(`PJSIP/${extension}`, { number: extension, name: owner.name }, 'from-internal', number);
    },
    hangUp: (id) => hangUpPhone(live(), channelOf(id)),
    hold(id) {
      const channel = channelOf(id);
      tellHold(live(), channel, true);
      const partner = partnerOf(channel);
      if (partner !== null) say(live(), partner, 'MusicOnHoldStart', [['Class', 'default']]);
    },
    unhold(id) {
      const channel = channelOf(id);
      tellHold(live(), channel, false);
      const partner = partnerOf(channel);
      if (partner !== null) say(live(), partner, 'MusicOnHoldStop');
    },
    enterStasis(id, app, args) {
      const pbx = live();
      const channel = channelOf(id);
      channel.interrupt?.('redirected');
      enterStasis(pbx, channel, app, args, (outcome) => {
        if (typeof outcome === 'object' && 'goto' in outcome) runDialplan(pbx, channel, outcome.goto);
        else hangUpPhone(pbx, channel);
      });
    },
    channelsOf: (device) => [...live().channels.values()].filter((channel) => channel.device === device).map(({ id }) => id),
  };
}
