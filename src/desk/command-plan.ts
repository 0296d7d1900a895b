/** From what a person asks to what the PBX is told, or why not: who may do it, to which legs, to which number. Pure. */
import type { CallId } from '../calls/call.ts';
import type { LiveLeg } from '../calls/tracker-legs.ts';
import type { CommandOrder, CommandRefusal, CommandRequest } from './command.ts';
import type { CommandPorts, Destination } from './command-ports.ts';

export type PlanPorts = Pick<CommandPorts, 'readDestination' | 'legsOf' | 'isSupervisor' | 'callerIdOf'>;

export type Plan =
  | { readonly kind: 'order'; readonly order: CommandOrder }
  | { readonly kind: 'refused'; readonly because: CommandRefusal };

/** `who` is the extension that asks. */
export function planCommand(request: CommandRequest, who: string, ports: PlanPorts): Plan {
  switch (request.kind) {
    case 'call':
      return planCall(who, ports.readDestination(request.to, who), ports.callerIdOf(request.list, who));
    case 'hangUp':
      return planHangUp(ports.legsOf(request.callId), who, ports.isSupervisor(who));
    case 'retrieve':
      return planRetrieve(ports.legsOf(request.callId), who);
    case 'spy':
      return planSpy(request, who, ports);
    default:
      return planInConversation(request, who, ports);
  }
}

function order(planned: CommandOrder): Plan {
  return { kind: 'order', order: planned };
}

function refused(because: CommandRefusal): Plan {
  return { kind: 'refused', because };
}

function planCall(extension: string, to: Destination, callerId: string | null): Plan {
  if (to.kind === 'refused') return to;
  if (to.dial === extension) return refused('ownExtension');
  return order({ kind: 'call', extension, dial: to.dial, callerId: to.kind === 'outside' ? callerId : null });
}

/** In the order of who is to be said to have hung up: the asker's own leg, and the customer's where nobody else speaks with them. A supervisor ends the whole call. */
function planHangUp(legs: readonly LiveLeg[], who: string, isSupervisor: boolean): Plan {
  if (legs.length === 0) return refused('gone');
  const own = legs.filter(({ extension }) => extension === who);
  if (own.length === 0) {
    if (!isSupervisor) return refused('notAllowed');
    const phonesFirst = legs.toSorted((one, other) => Number(one.isCustomer) - Number(other.isCustomer));
    return order({ kind: 'hangUp', channelIds: phonesFirst.map(({ channelId }) => channelId) });
  }
  const isAlone = !legs.some(({ extension, isUp }) => extension !== null && extension !== who && isUp);
  const others = own.some(({ isUp }) => isUp) && isAlone ? legs.filter(({ isCustomer }) => isCustomer) : [];
  return order({ kind: 'hangUp', channelIds: [...own, ...others].map(({ channelId }) => channelId) });
}

/** Whoever is free may take a parked call: that is what it is parked for. */
function planRetrieve(legs: readonly LiveLeg[], extension: string): Plan {
  if (legs.length === 0) return refused('gone');
  const customer = legs.find(({ isCustomer, isWaiting }) => isCustomer && isWaiting);
  const isHeld = legs.some((leg) => leg.extension !== null && leg.isUp);
  if (customer === undefined || isHeld) return refused('notParked');
  return order({ kind: 'retrieve', extension, parkedChannelId: customer.channelId });
}

function planSpy(request: Extract<CommandRequest, { kind: 'spy' }>, who: string, ports: PlanPorts): Plan {
  if (!ports.isSupervisor(who)) return refused('notAllowed');
  const legs = ports.legsOf(request.callId);
  if (legs.length === 0) return refused('gone');
  const speaking = legs.filter(({ extension, isUp }) => extension !== null && isUp);
  const [agent] = request.extension === null ? speaking : speaking.filter(({ extension }) => extension === request.extension);
  if (agent === undefined || agent.extension === null) return refused('notTalking');
  if (speaking.some(({ extension }) => extension === who)) return refused('ownExtension');
  const { channelId, extension } = agent;
  return order({ kind: 'spy', extension: who, mode: request.mode, agentChannelId: channelId, agentExtension: extension });
}

interface Conversation {
  readonly agent: LiveLeg & { readonly extension: string };
  readonly customer: LiveLeg;
  readonly colleague: LiveLeg | undefined;
}

type InConversation = Exclude<CommandRequest, { kind: 'call' | 'hangUp' | 'retrieve' | 'spy' }>;

function planInConversation(request: InConversation, who: string, ports: PlanPorts): Plan {
  const found = conversationOf(ports.legsOf(request.callId), who, ports.isSupervisor(who));
  if (typeof found === 'string') return refused(found);
  const { agent, customer, colleague } = found;
  const ends = { agentChannelId: agent.channelId, customerChannelId: customer.channelId };
  const isHeld = customer.isWaiting;
  switch (request.kind) {
    case 'hold':
      return isHeld ? refused('notTalking') : order({ kind: 'hold', ...ends });
    case 'resume':
      return isHeld ? order({ kind: 'resume', ...ends }) : refused('notHeld');
    case 'park':
      return order({ kind: 'park', ...ends, isHeld });
    case 'completeTransfer':
      if (!isHeld || colleague === undefined) return refused('noColleague');
      return order({ kind: 'completeTransfer', ...ends, colleagueChannelId: colleague.channelId });
    case 'blindTransfer': {
      const to = ports.readDestination(request.to, agent.extension);
      if (to.kind === 'refused') return to;
      return to.dial === agent.extension
        ? refused('ownExtension')
        : order({ kind: 'blindTransfer', ...ends, dial: to.dial, isHeld });
    }
    case 'consult': {
      const to = ports.readDestination(request.to, agent.extension);
      if (to.kind === 'refused') return to;
      if (to.kind === 'outside') return refused('notAnExtension');
      if (to.dial === agent.extension) return refused('ownExtension');
      return order({ kind: 'consult', ...ends, agentExtension: agent.extension, colleague: to.dial });
    }
  }
}

/** The asker's end, or for a supervisor the end of whichever agent it is; of an internal call the other phone is the customer. */
function conversationOf(legs: readonly LiveLeg[], who: string, isSupervisor: boolean): Conversation | CommandRefusal {
  if (legs.length === 0) return 'gone';
  const phones = legs.filter((leg): leg is Conversation['agent'] => leg.extension !== null && !leg.isCustomer);
  const holder = phones.find(({ isHolder }) => isHolder);
  const own = isSupervisor
    ? (holder ?? phones.find(({ extension }) => extension === who) ?? phones.find(({ isUp }) => isUp))
    : phones.find(({ extension }) => extension === who);
  if (own === undefined) return 'notAllowed';
  if (!own.isUp) return 'notTalking';
  // Whoever is consulted has no say about the customer yet.
  if (holder !== undefined && holder.extension !== own.extension) return 'notAllowed';
  const others = phones.filter(({ extension, isUp }) => extension !== own.extension && isUp);
  const customer = legs.find(({ isCustomer, isUp }) => isCustomer && isUp) ?? (others.length === 1 ? others[0] : undefined);
  if (customer === undefined) return 'notTalking';
  return { agent: own, customer, colleague: others.find((leg) => leg !== customer) };
}

/** The call a request is about; null for a call still to be placed. */
export function callOfRequest(request: CommandRequest): CallId | null {
  return request.kind === 'call' ? null : request.callId;
}
