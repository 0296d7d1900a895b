import type { TelephonyEvent } from '../telephony-event.ts';
import type { OriginateResult, OriginateStage } from './pbx-commands.ts';

/** How far the PBX has come with ringing one phone and then another; worked out from its events alone. Pure. */
export interface OriginateProgress {
  /** The leg of the agent. */
  readonly channelId: string;
  readonly extension: string | null;
  /**
   * `conversation`: somebody, or something, must answer at the other end. `pickUp`: the agent's picking up is all there is to it.
   * `consultation`: the agent is up already, and goes back to the customer if the colleague does not answer.
   */
  readonly goal: 'conversation' | 'pickUp' | 'consultation';
  readonly stage: OriginateStage | null;
  readonly isThere: boolean;
  readonly agentUp: boolean;
  /** Legs to the other end that are being called. */
  readonly called: readonly string[];
  /** The agent's leg is gone; why the other end was not reached is still to be told. */
  readonly agentGone: boolean;
  /** How the last leg to the other end failed. */
  readonly failure: OriginateResult | null;
  readonly result: OriginateResult | null;
}

/** Asked of the PBX just now. */
export function beginOriginate(of: Pick<OriginateProgress, 'channelId' | 'extension' | 'goal'>): OriginateProgress {
  const agentUp = of.goal === 'consultation';
  return { ...of, stage: null, isThere: agentUp, agentUp, called: [], agentGone: false, failure: null, result: null };
}

/** The same object when the event says nothing about it. */
export function followOriginate(progress: OriginateProgress, event: TelephonyEvent): OriginateProgress {
  if (progress.result !== null) return progress;
  switch (event.type) {
    case 'dialBegun':
      return dialBegun(progress, event);
    case 'channelRinging':
      return progress.called.includes(event.channelId) ? { ...progress, stage: 'farEndRinging' } : progress;
    case 'channelAnswered':
      return event.channelId === progress.channelId ? pickedUp(progress) : progress;
    case 'originateReported':
      return reported(progress, event);
    case 'dialEnded':
      return dialEnded(progress, event);
    case 'bridgeEntered':
      return event.kind === 'conversation' ? met(progress, event.channel.id) : progress;
    case 'channelHungUp':
      return hungUp(progress, event);
    case 'snapshotTaken': {
      const isGone = progress.isThere && !event.channels.some(({ channel }) => channel.id === progress.channelId);
      return isGone ? ended(progress, 'unknown') : progress;
    }
    default:
      return progress;
  }
}

type Told<Type extends TelephonyEvent['type']> = Extract<TelephonyEvent, { type: Type }>;

function met(progress: OriginateProgress, channelId: string): OriginateProgress {
  if (progress.called.includes(channelId)) return ended(progress, 'answered');
  if (channelId !== progress.channelId || progress.goal === 'pickUp') return progress;
  // The one who is consulted enters first; without them it is the customer to whom the agent is back.
  return ended(progress, progress.goal === 'conversation' ? 'answered' : (progress.failure ?? 'agentHungUp'));
}

function ended(progress: OriginateProgress, result: OriginateResult): OriginateProgress {
  return { ...progress, result };
}

function dialBegun(progress: OriginateProgress, { source, target }: Told<'dialBegun'>): OriginateProgress {
  if (target.id === progress.channelId) return { ...progress, isThere: true, stage: 'agentRinging' };
  const isOurs = source?.id === progress.channelId || target.linkedId === progress.channelId;
  if (!isOurs || target.party === 'helper' || progress.called.includes(target.id)) return progress;
  return { ...progress, stage: 'farEndCalled', called: [...progress.called, target.id], failure: null };
}

function pickedUp(progress: OriginateProgress): OriginateProgress {
  const up: OriginateProgress = { ...progress, isThere: true, agentUp: true };
  return progress.goal === 'pickUp' ? ended(up, 'answered') : up;
}

/** A failure may be reported before or after the leg is gone, whose cause says more; a phone that is not there never has a leg. */
function reported(progress: OriginateProgress, event: Told<'originateReported'>): OriginateProgress {
  const isOurs = event.channelId === progress.channelId || (event.channelId === null && event.extension === progress.extension);
  if (!isOurs || progress.agentUp) return progress;
  if (event.answered) return pickedUp(progress);
  return progress.isThere ? progress : ended(progress, 'agentUnreachable');
}

function dialEnded(progress: OriginateProgress, { targetId, status }: Told<'dialEnded'>): OriginateProgress {
  if (targetId === progress.channelId) return status === 'answered' ? pickedUp(progress) : progress;
  if (!progress.called.includes(targetId)) return progress;
  switch (status) {
    case 'answered':
      return ended(progress, 'answered');
    case 'busy':
      return ended(progress, 'customerBusy');
    case 'noAnswer':
    case 'unreachable':
      // The cause of the hang-up says why; another line may still be tried.
      return { ...progress, failure: progress.failure ?? (status === 'noAnswer' ? 'customerNoAnswer' : 'lineUnavailable') };
    case 'cancelled':
      return progress;
  }
}

function hungUp(progress: OriginateProgress, { channelId, cause }: Told<'channelHungUp'>): OriginateProgress {
  if (channelId === progress.channelId) return progress.agentUp ? withoutAgent(progress) : ended(progress, agentFailure(cause));
  if (!progress.called.includes(channelId)) return progress;
  const called = progress.called.filter((id) => id !== channelId);
  const failure = farEndFailure(cause) ?? progress.failure;
  const after: OriginateProgress = { ...progress, called, failure };
  // Only when no line could be had is it worth waiting for another one.
  const mayGoOn = failure === null || (failure === 'lineUnavailable' && !progress.agentGone);
  return called.length > 0 || mayGoOn ? after : ended(after, failure);
}

/** The PBX lets the agent go when the other end has failed, which it may tell in more detail a moment later. */
function withoutAgent(progress: OriginateProgress): OriginateProgress {
  const { failure, called, stage } = progress;
  if (failure !== null) return called.length > 0 ? { ...progress, agentGone: true } : ended(progress, failure);
  const wasCalled = called.length > 0 || (stage !== 'agentRinging' && stage !== null);
  return ended(progress, wasCalled ? 'agentHungUp' : 'failed');
}

/** Q.850. Without a cause (0) it rang in vain. */
function agentFailure(cause: number | null): OriginateResult {
  switch (cause) {
    case 17:
      return 'agentBusy';
    case 21:
      return 'agentDeclined';
    case 16:
      return 'agentHungUp';
    case 1:
    case 3:
    case 20:
    case 27:
    case 38:
      return 'agentUnreachable';
    default:
      return 'agentNoAnswer';
  }
}

/** Null for the normal causes, which say nothing. */
function farEndFailure(cause: number | null): OriginateResult | null {
  switch (cause) {
    case 1:
    case 2:
    case 3:
    case 22:
    case 28:
      return 'numberUnknown';
    case 17:
      return 'customerBusy';
    case 18:
    case 19:
      return 'customerNoAnswer';
    case 21:
      return 'customerDeclined';
    case 20:
    case 27:
    case 34:
    case 38:
    case 41:
    case 42:
    case 44:
    case 58:
    case 127:
      return 'lineUnavailable';
    default:
      return null;
  }
}
