import type { DialStatus } from '../telephony-event.ts';

/** `PJSIP/09011110001@trunk-out` or `09011110001@trunk-out` → the number; null for `PJSIP/1001`. */
export function numberInDialString(dialString: string): string | null {
  const beforeAt = dialString.includes('@') ? dialString.slice(0, dialString.indexOf('@')) : dialString;
  const number = beforeAt.slice(beforeAt.lastIndexOf('/') + 1);
  return /^[+\d*#]{1,40}$/.test(number) ? number : null;
}

/** Null while it is being called still: empty, or news on the way (`RINGING`, `PROGRESS`, `PROCEEDING`). */
export function dialStatus(sent: string): DialStatus | null {
  switch (sent) {
    case '':
    case 'RINGING':
    case 'PROGRESS':
    case 'PROCEEDING':
      return null;
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
