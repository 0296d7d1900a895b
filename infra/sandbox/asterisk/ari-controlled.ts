import { type AriAnswer, type AriRequest, type AriRoute, refusal } from './ari-route.ts';
import type { Channel, StasisStay } from './live/channel.ts';
import type { LivePbx } from './live/live-pbx.ts';

export const channelNotFound = refusal(404, 'Not Found', 'Channel not found');

export interface Controlled {
  readonly pbx: LivePbx;
  readonly channel: Channel;
  readonly stay: StasisStay;
}

/** Most of it works only on channels that are in an application of ARI. */
export function inStasis(run: (controlled: Controlled, request: AriRequest) => AriAnswer): AriRoute['handle'] {
  return (world, request) => {
    const pbx = world.live();
    const channel = pbx.channels.get(request.part('channelId'));
    if (channel?.stasis != null) return run({ pbx, channel, stay: channel.stasis }, request);
    const isThere = channel !== undefined || world.state().channel(request.part('channelId')) !== null;
    return isThere ? refusal(409, 'Conflict', 'Channel not in Stasis application') : channelNotFound;
  };
}
