import { channelText } from './announce.ts';
import type { Channel, Place } from './channel.ts';
import { change, type LivePbx, setVariable, takeOut } from './live-pbx.ts';
import type { Application, Outcome } from './run-dialplan.ts';

/** `Stasis(app,args…)`: the application of ARI has the channel until it lets it go on. */
export const stasisApplication: Application = ({ pbx, channel, data, end, whenInterrupted }) => {
  const [app = '', ...args] = data.split(',');
  setVariable(pbx, channel, 'STASISSTATUS', '');
  if (!pbx.stasis.isOpen(app)) {
    setVariable(pbx, channel, 'STASISSTATUS', 'FAILED');
    end('next');
    return;
  }
  whenInterrupted(() => leave(pbx, channel));
  enter(pbx, channel, app, args, (outcome) => {
    whenInterrupted(() => {});
    leave(pbx, channel);
    end(outcome);
  });
};

/** The same for a channel that no dialplan runs on, as ARI's originate makes them. */
export function enterStasis(
  pbx: LivePbx,
  channel: Channel,
  app: string,
  args: readonly string[],
  goOn: (outcome: Outcome) => void,
): void {
  change(pbx, channel, { application: 'Stasis', applicationData: [app, ...args].join(',') });
  setVariable(pbx, channel, 'STASISSTATUS', '');
  channel.interrupt = () => leave(pbx, channel);
  enter(pbx, channel, app, args, (outcome) => {
    leave(pbx, channel);
    channel.interrupt = null;
    goOn(outcome);
  });
}

function enter(pbx: LivePbx, channel: Channel, app: string, args: readonly string[], goOn: (outcome: Outcome) => void): void {
  channel.stasis = { app, leave: (place: Place | null) => goOn(place === null ? 'next' : { goto: place }) };
  pbx.stasis.subscribe(app, channel.id);
  pbx.announce.sayToApplication(app, 'StasisStart', { args, channel: channelText(channel) });
}

function leave(pbx: LivePbx, channel: Channel): void {
  const { stasis } = channel;
  if (stasis === null) return;
  channel.stasis = null;
  if (channel.bridge?.kind.creator === 'Stasis') takeOut(pbx, channel);
  pbx.announce.sayToApplication(stasis.app, 'StasisEnd', { channel: channelText(channel) });
  setVariable(pbx, channel, 'STASISSTATUS', 'SUCCESS');
}
