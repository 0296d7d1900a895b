import { createHash, timingSafeEqual } from 'node:crypto';
import { headerOf, type PacketText } from './ami-packet-text.ts';

/** A section of manager.conf. */
export interface AmiUser {
  readonly name: string;
  readonly secret: string;
  /** Classes as in manager.conf; `all` is every class. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** `eventfilter(CRITERIA) = PATTERN`; without criteria the old form, an expression over the whole event. */
  readonly eventFilters?: readonly { readonly criteria: string; readonly pattern: string }[];
}

/** A header of the action at hand; null when absent. */
export type HeaderOf = (name: string) => string | null;

/** Which class a user needs in `write` for an action; those not named need none. */
const neededClasses: Readonly<Record<string, readonly string[]>> = {
  atxfer: ['call'],
  blindtransfer: ['call'],
  bridge: ['call'],
  cancelatxfer: ['call'],
  command: ['command'],
  coreshowchannels: ['system', 'reporting'],
  filter: ['system'],
  getvar: ['call', 'reporting'],
  hangup: ['system', 'call'],
  localoptimizeaway: ['system', 'call'],
  muteaudio: ['system'],
  originate: ['originate'],
  park: ['call'],
  parkedcalls: ['call'],
  playdtmf: ['call'],
  queueadd: ['agent'],
  queuepause: ['agent'],
  queuepenalty: ['agent'],
  queueremove: ['agent'],
  redirect: ['call'],
  setvar: ['call'],
  status: ['system', 'call', 'reporting'],
};

export function mayAct(user: AmiUser, action: string): boolean {
  const needed = neededClasses[action.toLowerCase()];
  return needed === undefined || user.write.includes('all') || needed.some((name) => user.write.includes(name));
}

export function mayHear(user: AmiUser, mask: ReadonlySet<string>, event: PacketText): boolean {
  const classes = (headerOf(event, 'Privilege') ?? 'all').split(',').filter((name) => name !== 'all');
  const allows = (set: ReadonlySet<string>) => set.has('all') || classes.some((name) => set.has(name));
  return allows(mask) && allows(new Set(user.read));
}

/** The classes as bits, as a mask may be given by number. */
const classBits = [
  ...['system', 'call', 'log', 'verbose', 'command', 'agent', 'user', 'config', 'dtmf', 'reporting', 'cdr', 'dialplan'],
  ...['originate', 'agi', 'cc', 'aoc', 'test', 'security'],
];

/** What a session wants to hear: `on`, `off`, classes, or a number; classes that do not exist are passed over. */
export function eventMask(text: string): ReadonlySet<string> {
  const lowered = text.trim().toLowerCase();
  if (/^\d+$/.test(lowered)) return new Set(classBits.filter((_, bit) => (Number(lowered) & (1 << bit)) !== 0));
  if (/^(?:yes|true|y|t|on|all)$/.test(lowered)) return new Set(['all']);
  const known = new Set([...classBits, 'all', 'message']);
  return new Set(lowered.split(',').filter((name) => known.has(name)));
}

/** Whether a log-in shows that it knows the secret: by the key made of our challenge, or by the secret itself. */
export function knowsSecret({ secret }: AmiUser, challenge: string, header: HeaderOf): boolean {
  if (header('AuthType')?.toLowerCase() !== 'md5') return isSame(header('Secret') ?? '', Buffer.from(secret).toString('latin1'));
  const key = createHash('md5').update(challenge).update(secret).digest('hex');
  return challenge !== '' && isSame(header('Key') ?? '', key);
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
