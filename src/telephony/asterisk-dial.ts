import type { DialStatus } from './telephony-event.ts';

/** `PJSIP/09011110001@trunk-out` or `09011110001@trunk-out` → the number; null for `PJSIP/1001`. */
export function numberInDialString(dialString: string): string | null {
  const beforeAt = dialString.includes('@') ? dialString.slice(0, dialString.indexOf('@')) : dialString;
  const number = beforeAt.slice(beforeAt.lastIndexOf('/') + 1);
  return /^[+\d*#]{1,40}$/.test(number) ? number : null;
}

/** How a dialling ended, in Asterisk's word for it (`DIALSTATUS`); whatever is none of these was given up. */
export function endedDialStatus(sent: string): DialStatus {
  switch (sent) {
    case 'ANSWER':
      return 'answered';
    case 'BUSY':
      return 'busy';
    case 'NOANSWER':
      return 'noAnswer';
    case 'CHANUNAVAIL':
    case 'CONGESTION':
      return 'unreachable';
    default:
      return 'cancelled';
  }
}
