import type { After } from '../after.ts';
import { AmiRefused, type AmiResponse, AmiUnreachable } from './ami-client.ts';
import type { AmiMessage } from './ami-message.ts';
import { AmiProtocolError } from './ami-parser.ts';

/** The actions that wait for their answers on one connection. Every one ends: answered, timed out, or rejected with all. */
export interface PendingActions {
  /** Waits for the answer to `actionId`; `name` is for the messages of errors. */
  expect(actionId: string, name: string): Promise<AmiResponse>;
  /** Takes what belongs to a waiting action; everything else passes it by. */
  hear(message: AmiMessage): void;
  rejectAll(reason: Error): void;
}

interface Pending {
  readonly name: string;
  response: AmiMessage | null;
  readonly events: AmiMessage[];
  settle(outcome: AmiResponse | Error): void;
}

const maxPending = 1_000;

export function createPendingActions(options: {
  readonly after: After;
  readonly timeoutMs: number;
  readonly maxListEvents: number;
}): PendingActions {
  const pending = new Map<string, Pending>();

  function expect(actionId: string, name: string): Promise<AmiResponse> {
    if (pending.size >= maxPending) {
      return Promise.reject(new AmiUnreachable(`${maxPending} AMI actions wait for an answer already; ${name} was not sent.`));
    }
    return new Promise((resolve, reject) => {
      const callOff = options.after(options.timeoutMs, () => {
        pending.get(actionId)?.settle(new AmiUnreachable(`No answer to the AMI action ${name} in ${options.timeoutMs} ms.`));
      });
      pending.set(actionId, {
        name,
        response: null,
        events: [],
        settle(outcome) {
          pending.delete(actionId);
          callOff();
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        },
      });
    });
  }

  function hear(message: AmiMessage): void {
    if (pending.size === 0) return;
    const actionId = message.get('ActionID');
    const waiting = actionId === undefined ? undefined : pending.get(actionId);
    if (waiting === undefined) return;
    if (message.event === null) hearResponse(waiting, message);
    else if (waiting.response !== null) hearListEvent(waiting, waiting.response, message);
  }

  function hearResponse(waiting: Pending, message: AmiMessage): void {
    if (message.response === null || waiting.response !== null) return;
    const text = message.get('Message') ?? '';
    const ok = message.response.toLowerCase() !== 'error';
    if (!ok && text === 'Permission denied') {
      waiting.settle(
        new AmiRefused(`The AMI user may not do ${waiting.name}.`, 'Give it the right in manager.conf (write = …).'),
      );
    } else if (message.get('EventList')?.toLowerCase() === 'start') waiting.response = message;
    else waiting.settle({ ok, text, message, events: [] });
  }

  function hearListEvent(waiting: Pending, response: AmiMessage, message: AmiMessage): void {
    const list = message.get('EventList')?.toLowerCase();
    if (list === 'complete' || list === 'cancelled') {
      const text = list === 'complete' ? (response.get('Message') ?? '') : 'The list was cancelled by Asterisk.';
      waiting.settle({ ok: list === 'complete', text, message: response, events: waiting.events });
    } else if (waiting.events.length < options.maxListEvents) waiting.events.push(message);
    else waiting.settle(new AmiProtocolError(`The answer to ${waiting.name} has more than ${options.maxListEvents} events.`));
  }

  return {
    expect,
    hear,
    rejectAll: (reason) => {
      for (const waiting of [...pending.values()]) waiting.settle(reason);
    },
  };
}
