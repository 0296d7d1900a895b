import type { AmiAsk, AmiCommand } from './ami-command.ts';
import { parseDestination } from './live/call-out.ts';
import type { Place } from './live/channel.ts';
import type { LivePbx } from './live/live-pbx.ts';
import { originate, parseCallerId, reportOriginate } from './live/originate.ts';
import { runApplication, runDialplan } from './live/run-dialplan.ts';
import { doesExist } from './live/transfer.ts';

/** Asterisk's own limit on an id that is asked for. */
const maxIdLength = 149;

/** What Originate may start only for users who may do as much anyway. */
const guardedApplications = /^(?:agi|eagi|externalivr|mixmonitor|originate|system|trysystem|exec|execif|shell|curl)$/i;

export const originateCommand: AmiCommand = (pbx, ask, reply) => {
  const read = readOriginate(pbx, ask);
  if (typeof read === 'string') return reply.error(read);
  const { timeoutMs, place, application } = read;
  const isAsync = /^(?:yes|true|y|t|1|on)$/i.test(ask.header('Async') ?? '');
  const asked = ask.header('Channel') ?? '';
  const destination = parseDestination(asked);
  const channelId = ask.header('ChannelId');
  const isTaken = channelId !== null && pbx.channels.has(channelId);
  const callerId = parseCallerId(ask.header('CallerID') ?? '');
  const goal: [string, string][] =
    application !== null
      ? [
          ['Application', application],
          ['Data', ask.header('Data') ?? ''],
        ]
      : [
          ['Context', place?.context ?? ''],
          ['Exten', place?.exten ?? ''],
        ];
  const report = { actionId: ask.actionId, asked, goal, callerId };

  function fail(reason: 0 | 3): void {
    if (isAsync) reportOriginate(pbx, report, null, reason, channelId);
    else reply.error('Originate failed');
  }

  if (isAsync) reply.success('Originate successfully queued');
  if (destination === null || isTaken) return fail(0);
  const channel = originate(pbx, {
    ...{ destination, timeoutMs, callerId, channelId, otherChannelId: ask.header('OtherChannelId'), originator: null },
    variables: variablesOf(ask),
    whenFailed: fail,
    whenAnswered(answered) {
      if (isAsync) reportOriginate(pbx, report, answered, 4, null);
      else reply.success('Originate successfully queued');
      if (application !== null) runApplication(pbx, answered, application, ask.header('Data') ?? '');
      else if (place !== null) runDialplan(pbx, answered, place);
    },
  });
  if (channel === null) fail(0);
};

interface OriginateGoal {
  readonly timeoutMs: number;
  readonly place: Place | null;
  readonly application: string | null;
}

/** In the order in which Asterisk looks at it; the text says what it has against it. */
function readOriginate(pbx: LivePbx, { header, user }: AmiAsk): OriginateGoal | string {
  const [channel, priority, timeout] = [header('Channel'), header('Priority'), header('Timeout')];
  const ids = [header('ChannelId'), header('OtherChannelId')];
  if (ids.some((id) => id !== null && id.length > maxIdLength)) return `Uniqueid length exceeds maximum of ${maxIdLength}\n`;
  if (channel === null) return 'Channel not specified';
  if (priority !== null && !/^\s*[+-]?\d/.test(priority)) return 'Invalid priority';
  if (timeout !== null && !/^\s*[+-]?\d/.test(timeout)) return 'Invalid timeout';
  if (parseDestination(channel) === null) return 'Invalid channel';
  const [application, exten, context] = [header('Application'), header('Exten'), header('Context')];
  const mayAll = user.write.includes('all') || user.write.includes('system') || user.write.includes('command');
  if (application !== null && guardedApplications.test(application) && !mayAll) {
    return 'Originate Access Forbidden: app or data blacklisted';
  }
  const timeoutMs = timeout === null ? 30_000 : Number.parseInt(timeout, 10);
  const isWhole = exten !== null && context !== null && priority !== null;
  const place: Place | null = isWhole ? { context, exten, priority: Number.parseInt(priority, 10) } : null;
  if (place !== null && !doesExist(pbx, place)) return 'Extension does not exist.';
  if (application === null && place === null) return "Originate with 'Exten' requires 'Context' and 'Priority'";
  return { timeoutMs, place, application };
}

/** One header may set several, divided by commas; the last one is set first. */
function variablesOf({ all }: AmiAsk): readonly (readonly [string, string])[] {
  return all('Variable')
    .flatMap((header) => header.split(','))
    .filter((setting) => setting.includes('='))
    .map((setting) => [setting.slice(0, setting.indexOf('=')).trim(), setting.slice(setting.indexOf('=') + 1)] as const)
    .reverse();
}
