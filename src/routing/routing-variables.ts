/** An answer as a dialplan can use it: names and texts. Pure. */
import type { RoutingAnswer } from './decide-route.ts';

/** The fields of the plain answer, and the channel variables of the same meaning. */
const fields = {
  caller: 'TORITSUGI_CALLER',
  name: 'TORITSUGI_NAME',
  lastAgent: 'TORITSUGI_LAST_AGENT',
  lastAgentAt: 'TORITSUGI_LAST_AGENT_AT',
  owner: 'TORITSUGI_OWNER',
  blocked: 'TORITSUGI_BLOCKED',
  blockedReason: 'TORITSUGI_BLOCKED_REASON',
  queue: 'TORITSUGI_QUEUE',
  greeting: 'TORITSUGI_GREETING',
  answered: 'TORITSUGI_ANSWERED',
} as const;

export type RoutingField = keyof typeof fields;

export const routingFields = Object.keys(fields) as readonly RoutingField[];

/** What is not known is empty. `lastAgentAt` is in seconds since 1970, as STRFTIME wants it; `blocked` is 1 or empty. */
export function routingTexts(answer: RoutingAnswer): Readonly<Record<RoutingField, string>> {
  const { lastAgent, blocked } = answer;
  return {
    caller: answer.callerKind ?? '',
    name: dialplanText(answer.customerName ?? ''),
    lastAgent: lastAgent?.extension ?? '',
    lastAgentAt: lastAgent === null ? '' : String(Math.floor(Date.parse(lastAgent.at) / 1_000)),
    owner: answer.ownerAgent ?? '',
    blocked: blocked === null ? '' : '1',
    blockedReason: dialplanText(blocked?.reason ?? ''),
    queue: answer.queue ?? '',
    greeting: answer.greeting ?? '',
    answered: '1',
  };
}

/** Every variable, also the empty ones, so that none keeps an older value; the last one says that all are set. */
export function routingVariables(answer: RoutingAnswer): readonly (readonly [name: string, value: string])[] {
  const texts = routingTexts(answer);
  return routingFields.map((field) => [fields[field], texts[field]] as const);
}

const mostCharacters = 100;
/** What means something to Asterisk's dialplan, to AGI or to a shell behind them. */
const unsafe = /["'`$\\{}[\](),;|&<>=]/gu;

/**
 * Text from a CRM that nothing in a dialplan can mistake for anything else: no control characters, and signs with a meaning in their
 * full-width form, which reads the same. At most 100 characters.
 */
export function dialplanText(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
  const cut = Array.from(plain).slice(0, mostCharacters).join('');
  return cut.replace(unsafe, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0));
}
