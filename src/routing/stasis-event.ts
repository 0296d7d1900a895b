/** What is read of ARI for routing: who waits in our application. Everything else is passed over. */
import { z } from 'zod';

/** A channel that waits for us. */
export interface WaitingChannel {
  readonly id: string;
  readonly number: string;
  readonly did: string | null;
}

const text = z.string().max(1_000).catch('');
const channel = z.object({
  id: z.string().min(1).max(256),
  caller: z.object({ number: text }).catch({ number: '' }),
  dialplan: z.object({ exten: text, app_name: text, app_data: text }).catch({ exten: '', app_name: '', app_data: '' }),
});
const stasisStart = z.object({
  type: z.literal('StasisStart'),
  application: z.string(),
  args: z.array(z.string()).catch([]),
  channel,
});

/** The channel that has just come in with `Stasis(app,DID)`; null for every other event, and for channels in other applications. */
export function readArrival(event: unknown, app: string): WaitingChannel | null {
  const read = stasisStart.safeParse(event);
  if (!read.success || read.data.application !== app) return null;
  return waiting(read.data.channel, read.data.args[0]);
}

/** Of the answer to `GET /channels`: those that are in `Stasis(app…)` now. */
export function readWaiting(body: unknown, app: string): readonly WaitingChannel[] {
  const list = Array.isArray(body) ? body : [];
  return list.flatMap((each: unknown) => {
    const read = channel.safeParse(each);
    if (!read.success || read.data.dialplan.app_name !== 'Stasis') return [];
    const [name, did] = read.data.dialplan.app_data.split(',');
    return name?.trim() === app ? [waiting(read.data, did)] : [];
  });
}

function waiting({ id, caller, dialplan }: z.output<typeof channel>, argument = ''): WaitingChannel {
  return { id, number: caller.number, did: argument.trim() || dialplan.exten || null };
}
