import { z } from 'zod';

/**
 * What the hub reads of an ARI event (Asterisk 18 to 22, `rest-api/api-docs/events.json`). Everything else in it is passed over, and
 * so are events of other types.
 */

const text = z.string().catch('');
const id = z.string().min(1).max(256);
const cause = z.number().int().nullable().catch(null);

export const ariChannel = z.object({
  id,
  name: z.string().min(1),
  state: text,
  caller: z.object({ name: text, number: text }).catch({ name: '', number: '' }),
  dialplan: z.object({ exten: text, app_name: text, app_data: text }).catch({ exten: '', app_name: '', app_data: '' }),
  /** Only what `channelvars` in ari.conf asks for. */
  channelvars: z.record(z.string(), z.unknown()).catch({}),
});

export const ariBridge = z.object({ id, technology: text, bridge_class: text, creator: text });

const absent = ariChannel.nullable().catch(null);

const [channel, bridge] = [ariChannel, ariBridge];

const schemas = {
  ChannelCreated: z.object({ channel }),
  ChannelStateChange: z.object({ channel }),
  ChannelDestroyed: z.object({ channel, cause }),
  /** `soft`: the PBX itself has the channel hung up. */
  ChannelHangupRequest: z.object({ channel, soft: z.boolean().catch(false) }),
  ChannelHold: z.object({ channel }),
  ChannelUnhold: z.object({ channel }),
  ChannelVarset: z.object({ channel: absent, variable: text, value: text }),
  ChannelDialplan: z.object({ channel, dialplan_app: text, dialplan_app_data: text }),
  ChannelEnteredBridge: z.object({ bridge, channel }),
  ChannelLeftBridge: z.object({ bridge, channel }),
  Dial: z.object({ caller: absent, peer: channel, dialstatus: text, dialstring: text }),
  BridgeBlindTransfer: z.object({ channel, exten: text, result: text, is_external: z.boolean().catch(true) }),
  BridgeAttendedTransfer: z.object({
    transferer_first_leg: channel,
    transferer_second_leg: channel,
    transferee: absent,
    transfer_target: absent,
    destination_type: text,
    result: text,
  }),
} as const;

export type AriChannel = z.infer<typeof ariChannel>;
export type AriBridge = z.infer<typeof ariBridge>;
export type AriEventType = keyof typeof schemas;
export type AriEvent<Type extends AriEventType> = z.infer<(typeof schemas)[Type]>;

export type KnownAriEvent = { readonly [Type in AriEventType]: { readonly type: Type } & AriEvent<Type> }[AriEventType];

/** `unknown`: of a type the hub has no use for. `unreadable`: no ARI event, or one without the facts its type must have. */
export type AriReading =
  | { readonly kind: 'event'; readonly event: KnownAriEvent }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreadable' };

const unknownType: AriReading = { kind: 'unknown' };
const unreadable: AriReading = { kind: 'unreadable' };

export function readAriEvent(sent: unknown): AriReading {
  if (typeof sent !== 'object' || sent === null || !('type' in sent) || typeof sent.type !== 'string') return unreadable;
  if (!isKnownType(sent.type)) return unknownType;
  const read = schemas[sent.type].safeParse(sent);
  return read.success ? { kind: 'event', event: { type: sent.type, ...read.data } as KnownAriEvent } : unreadable;
}

function isKnownType(type: string): type is AriEventType {
  return Object.hasOwn(schemas, type);
}
