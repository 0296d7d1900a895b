import type { AmiAction } from '../ami/ami-action.ts';
import type { AmiResponse } from '../ami/ami-client.ts';
import { originateAction, redirect, redirectBoth, setVariable } from './ami-command-actions.ts';
import { asCommandError, gone, refusalOf } from './ami-command-failures.ts';
import { type Following, followOriginateTo, followTo } from './follow-to.ts';
import { beginOriginate } from './originate-progress.ts';
import {
  CommandRefused,
  firstChannelId,
  type Legs,
  type OriginateOrder,
  type OriginateResult,
  PbxAway,
  type PbxCommands,
  type TransferOrder,
  type TransferResult,
} from './pbx-commands.ts';
import { channelName, contexts, deviceOf, digits, type Ringing } from './safe-values.ts';

export interface AmiPbxCommandsDeps extends Ringing, Following {
  /** The PBX's name. */
  readonly pbx: string;
  /** @throws as `AmiClient.act`. */
  readonly act: (action: AmiAction) => Promise<AmiResponse>;
  /** False while not connected: nothing would be sent. */
  readonly isListening: () => boolean;
}

/** What the PBX does without waiting for people takes milliseconds. */
const longestMoveMs = 5_000;

/** The commands over AMI alone. Holding is a waiting bridge for both ends, see docs/decisions/0013-commands.md. */
export function createAmiPbxCommands(deps: AmiPbxCommandsDeps): PbxCommands {
  const { pbx } = deps;

  async function act(action: AmiAction): Promise<AmiResponse> {
    if (!deps.isListening()) throw new PbxAway(`The PBX ${pbx} is not connected.`, false);
    const response = await deps.act(action).catch((error: unknown) => {
      throw asCommandError(pbx, action.name, error);
    });
    if (!response.ok) throw refusalOf(pbx, action.name, response.text);
    return response;
  }

  async function nameOf(channelId: string): Promise<string> {
    const headers = [
      ['Channel', channelId],
      ['Variable', 'CHANNEL(name)'],
    ] as const;
    const { message } = await act({ name: 'Getvar', headers });
    return channelName(message.get('Value') ?? '');
  }

  /** The move is done when the customer is where it ends. */
  async function moveCustomer(legs: Legs, kind: 'holding' | 'conversation', send: () => Promise<unknown>): Promise<void> {
    const arrived = await followTo(deps, {
      begin: false,
      send,
      step: (there, event) =>
        there || (event.type === 'bridgeEntered' && event.kind === kind && event.channel.id === legs.customerChannelId),
      isOver: (there) => there,
      longestMs: longestMoveMs,
      signal: null,
    });
    if (!arrived)
      throw new CommandRefused('pbxRefused', `The PBX ${pbx} took the command and did not carry it out.`, 'Look at its log.');
  }

  /** Only the agent's leg says that it holds somebody: emptied, nothing is left that could end the customer's leg. */
  async function takeHold({ agentChannelId, customerChannelId }: Legs): Promise<void> {
    const [agent, customer] = await Promise.all([nameOf(agentChannelId), nameOf(customerChannelId)]);
    await act(setVariable(customerChannelId, 'TORITSUGI_HOLDER', agent));
    await act(setVariable(agentChannelId, 'TORITSUGI_HELD', customer));
  }

  function holdBoth({ agentChannelId, customerChannelId }: Legs, agentExten: 'agent' | 'consult'): Promise<unknown> {
    return act(
      redirectBoth({ channelId: customerChannelId, exten: 'customer' }, { channelId: agentChannelId, exten: agentExten }),
    );
  }

  async function consult(order: Extract<TransferOrder, { kind: 'consult' }>, signal: AbortSignal): Promise<TransferResult> {
    const { agentChannelId } = order;
    await takeHold(order);
    await act(setVariable(agentChannelId, 'TORITSUGI_AGENT', digits(order.agentExtension, 'The extension')));
    await act(setVariable(agentChannelId, 'TORITSUGI_CONSULT', deviceOf(order.colleague, deps.device)));
    const begin = beginOriginate({ channelId: agentChannelId, extension: null, goal: 'consultation' });
    const send = () => holdBoth(order, 'consult');
    return consultResults[await followOriginateTo(deps, { begin, send, onStage: () => {}, signal })];
  }

  async function transfer(order: TransferOrder, signal: AbortSignal): Promise<TransferResult> {
    const { agentChannelId, customerChannelId } = order;
    switch (order.kind) {
      case 'consult':
        return consult(order, signal);
      case 'complete': {
        const [customer, colleague] = await Promise.all([nameOf(customerChannelId), nameOf(order.colleagueChannelId)]);
        await act(setVariable(agentChannelId, 'TORITSUGI_HELD', ''));
        const headers = [
          ['Channel1', customer],
          ['Channel2', colleague],
        ] as const;
        await moveCustomer(order, 'conversation', () => act({ name: 'Bridge', headers }));
        return 'transferred';
      }
      case 'blind': {
        const dial = digits(order.dial, 'The number');
        if (!order.isHeld) {
          const headers = [
            ['Channel', await nameOf(agentChannelId)],
            ['Context', contexts.dial],
            ['Exten', dial],
          ] as const;
          await act({ name: 'BlindTransfer', headers });
          return 'transferred';
        }
        await act(redirect(customerChannelId, contexts.dial, dial));
        await letAgentGo(agentChannelId);
        return 'transferred';
      }
    }
  }

  /** The customer is elsewhere by now, and is not to be hung up with the agent. */
  async function letAgentGo(agentChannelId: string): Promise<void> {
    await act(setVariable(agentChannelId, 'TORITSUGI_HELD', ''));
    await hangUpOne(agentChannelId);
  }

  /** True when it was there. */
  async function hangUpOne(channelId: string): Promise<boolean> {
    return act({
      name: 'Hangup',
      headers: [
        ['Channel', channelId],
        ['Cause', '16'],
      ],
    }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof CommandRefused && error.reason === 'gone') return false;
        throw error;
      },
    );
  }

  async function slotOf(channelId: string): Promise<string | null> {
    const { events } = await act({ name: 'ParkedCalls' });
    const parked = events.find((event) => event.get('ParkeeUniqueid') === channelId);
    return parked?.get('ParkingSpace') ?? null;
  }

  async function peerOf(purpose: OriginateOrder['purpose']): Promise<string> {
    switch (purpose.kind) {
      case 'call':
        return '';
      case 'spy':
        return nameOf(purpose.agentChannelId);
      case 'retrieve': {
        const slot = await slotOf(purpose.parkedChannelId);
        if (slot === null) throw gone(pbx, 'The call is not parked any more.');
        return slot;
      }
    }
  }

  return {
    async originate(order, onStage, signal) {
      const action = originateAction(order, await peerOf(order.purpose), deps);
      const channelId = firstChannelId(order.key);
      const goal = order.purpose.kind === 'spy' ? 'pickUp' : 'conversation';
      const begin = beginOriginate({ channelId, extension: order.extension, goal });
      return followOriginateTo(deps, { begin, send: () => act(action), onStage, signal });
    },

    async hangUp(channelIds) {
      const were = await Promise.all(channelIds.map(hangUpOne));
      if (!were.includes(true)) throw gone(pbx, 'The call is over already.');
    },

    transfer,

    async park({ agentChannelId, customerChannelId, isHeld }) {
      const [agent, customer] = await Promise.all([nameOf(agentChannelId), nameOf(customerChannelId)]);
      // The time-out's channel is whom the call comes back to, and who parked it.
      await act({
        name: 'Park',
        headers: [
          ['Channel', customer],
          ['TimeoutChannel', agent],
        ],
      });
      if (isHeld) await letAgentGo(agentChannelId);
      return { slot: await slotOf(customerChannelId) };
    },

    async hold(legs) {
      await takeHold(legs);
      await moveCustomer(legs, 'holding', () => holdBoth(legs, 'agent'));
    },

    async resume(legs) {
      await nameOf(legs.customerChannelId);
      await moveCustomer(legs, 'conversation', () => act(redirect(legs.agentChannelId, contexts.hold, 'resume')));
    },

    async isOnPbx(key) {
      return nameOf(firstChannelId(key)).then(
        () => true,
        (error: unknown) => {
          if (error instanceof CommandRefused && error.reason === 'gone') return false;
          throw error;
        },
      );
    },
  };
}

const consultResults: Readonly<Record<OriginateResult, TransferResult>> = {
  answered: 'answered',
  customerBusy: 'colleagueBusy',
  customerNoAnswer: 'colleagueNoAnswer',
  customerDeclined: 'colleagueDeclined',
  numberUnknown: 'colleagueUnreachable',
  lineUnavailable: 'colleagueUnreachable',
  failed: 'colleagueUnreachable',
  agentHungUp: 'calledOff',
  agentBusy: 'calledOff',
  agentDeclined: 'calledOff',
  agentNoAnswer: 'calledOff',
  agentUnreachable: 'calledOff',
  unknown: 'unknown',
};
