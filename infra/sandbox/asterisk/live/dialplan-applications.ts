import { bridgeWaitApplication } from './bridge-wait.ts';
import { bridgeApplication } from './bridging.ts';
import { answer } from './call-out.ts';
import type { Channel, Place } from './channel.ts';
import { dialApplication } from './dial.ts';
import { isTrue } from './expression.ts';
import { change, endChannel, findChannel, type LivePbx, requestHangup, say, setVariable } from './live-pbx.ts';
import { parkApplication, parkedCallApplication } from './parking.ts';
import { queueApplication } from './queue-application.ts';
import type { Application, Applications } from './run-dialplan.ts';
import { spyOn } from './spying.ts';
import { stasisApplication } from './stasis.ts';

const announcementMs = 1_500;

const set: Application = ({ pbx, channel, data, end }) => {
  const [name = '', ...rest] = data.split('=');
  const value = rest.join('=');
  if (name === 'CALLERID(all)' || name === 'CALLERID(num)') {
    const kept = name === 'CALLERID(num)' ? channel.caller.name : '';
    change(pbx, channel, { caller: { number: value, name: kept } });
  } else if (!name.includes('(')) setVariable(pbx, channel, name, value);
  end('next');
};

/** `context,exten,priority`, with what is missing taken from where the channel is. */
export function parsePlace(text: string, { place }: Channel): Place {
  const parts = text.split(',').map((part) => part.trim());
  const [priority = '1', exten = place.exten, context = place.context] = parts.reverse();
  return { context, exten, priority: Number(priority) || 1 };
}

const gosub: Application = ({ pbx, channel, data, end, returns }) => {
  const [, target = data, given = ''] = /^([^(]*)\((.*)\)$/.exec(data) ?? [];
  returns.push({ ...channel.place, priority: channel.place.priority + 1 });
  const values = given === '' ? [] : given.split(',');
  for (const [index, value] of values.entries()) channel.variables.set(`ARG${index + 1}`, value);
  for (const [index, value] of values.entries()) pbx.announce.variable(channel, `LOCAL(ARG${index + 1})`, value);
  pbx.announce.variable(channel, 'LOCAL(ARGC)', String(values.length));
  end({ goto: parsePlace(target, channel) });
};

const endGosub: Application = ({ pbx, channel, end, returns }) => {
  for (const name of [...channel.variables.keys()].filter((key) => /^ARG\d$/.test(key)).reverse()) {
    setVariable(pbx, channel, name, '');
  }
  const back = returns.pop();
  end(back === undefined ? { hangup: 16 } : { goto: back });
};

const mixMonitor: Application = ({ pbx, channel, data, end }) => {
  const [file = ''] = data.split(',');
  setVariable(pbx, channel, 'MIXMONITOR_FILENAME', file.startsWith('/') ? file : `/var/spool/asterisk/monitor/${file}`);
  say(pbx, channel, 'MixMonitorStart');
  end('next');
};

/** Waits, then goes on. */
function pause(ms: (data: string) => number, finish: (pbx: LivePbx, channel: Channel) => void): Application {
  return ({ pbx, channel, data, end, whenInterrupted }) => {
    whenInterrupted(
      pbx.after(ms(data), () => {
        finish(pbx, channel);
        end('next');
      }),
    );
  };
}

const playback: Application = (work) => {
  answer(work.pbx, work.channel);
  pause(
    () => announcementMs,
    (pbx, channel) => setVariable(pbx, channel, 'PLAYBACKSTATUS', 'SUCCESS'),
  )(work);
};

/** Busy and Congestion: the caller hears it for some seconds. */
function refuse(cause: number): Application {
  return ({ pbx, channel, data, end, whenInterrupted }) => {
    if (channel.state === 'Ring') change(pbx, channel, { state: 'Busy' });
    whenInterrupted(pbx.after((Number(data) || 5) * 1_000, () => end({ hangup: cause })));
  };
}

const chanSpy: Application = ({ pbx, channel, data, end, whenInterrupted }) => {
  answer(pbx, channel);
  const [prefix = '', options = ''] = data.split(',');
  const spied = findChannel(pbx, prefix) ?? firstNamed(pbx, prefix);
  const stay = () => whenInterrupted(() => {});
  if (spied === null && options.includes('S')) end('next');
  else if (spied === null || spied === channel) stay();
  // Without E it waits for the next one to listen to.
  else whenInterrupted(spyOn(pbx, channel, spied, () => (options.includes('E') ? end('next') : stay())));
};

/** ChanSpy takes the beginning of a name for one. */
function firstNamed({ channels }: LivePbx, prefix: string): Channel | null {
  for (const channel of channels.values()) if (channel.name.startsWith(prefix)) return channel;
  return null;
}

/** `ExecIf(condition?One(data):Other(data))`. */
const execIf: Application = (work) => {
  const { pbx, channel, data, end } = work;
  const [condition = '', ...rest] = data.split('?');
  const [yes = '', no = ''] = splitOutside(rest.join('?'), ':');
  const chosen = (isTrue(condition.trim()) ? yes : no).trim();
  if (chosen === '') return end('next');
  const [, name = chosen, given = ''] = /^(\w+)\((.*)\)$/s.exec(chosen) ?? [];
  const run = Object.hasOwn(applications, name) ? applications[name] : undefined;
  if (run === undefined) return end({ hangup: 16 });
  // The application stands in the place of ExecIf for as long as it is at work, and nothing tells.
  change(pbx, channel, { application: name, applicationData: given });
  run({ ...work, data: given });
};

/** Not within parentheses. */
function splitOutside(text: string, mark: string): readonly string[] {
  let depth = 0;
  for (const [at, one] of [...text].entries()) {
    if (one === '(') depth += 1;
    else if (one === ')') depth -= 1;
    else if (one === mark && depth === 0) return [text.slice(0, at), text.slice(at + 1)];
  }
  return [text];
}

/** The cause is how Asterisk notes that it was asked to: no Q.850. */
const softHangup: Application = ({ pbx, data, end }) => {
  const [name = ''] = data.split(',');
  const target = findChannel(pbx, name);
  if (target !== null) {
    requestHangup(pbx, target, 32, { soft: true });
    endChannel(pbx, target, 16);
  }
  end('next');
};

export const applications: Applications = {
  NoOp: ({ end }) => end('next'),
  Set: set,
  Answer({ pbx, channel, end }) {
    answer(pbx, channel);
    end('next');
  },
  Ringing: ({ end }) => end('next'),
  Goto: ({ channel, data, end }) => end({ goto: parsePlace(data, channel) }),
  GotoIf({ channel, data, end }) {
    const [condition = '', targets = ''] = data.split('?');
    const [yes = '', no = ''] = targets.split(':');
    const chosen = isTrue(condition.trim()) ? yes : no;
    end(chosen === '' ? 'next' : { goto: parsePlace(chosen, channel) });
  },
  ExecIf: execIf,
  Gosub: gosub,
  Return: endGosub,
  MixMonitor: mixMonitor,
  Playback: playback,
  Wait: pause(
    (data) => (Number(data) || 1) * 1_000,
    () => {},
  ),
  Echo: ({ whenInterrupted }) => whenInterrupted(() => {}),
  Busy: refuse(17),
  Congestion: refuse(34),
  Hangup: ({ data, end }) => end({ hangup: Number(data) || 16 }),
  SoftHangup: softHangup,
  Dial: dialApplication,
  Bridge: bridgeApplication,
  BridgeWait: bridgeWaitApplication,
  Queue: queueApplication,
  Stasis: stasisApplication,
  Park: parkApplication,
  ParkedCall: parkedCallApplication,
  ChanSpy: chanSpy,
};
