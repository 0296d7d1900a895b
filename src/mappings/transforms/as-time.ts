import { localParts } from '../local-time.ts';
import type { Transform } from './transform.ts';

/** The time of day by the call centre's clock, `09:05`. */
export const asTime: Transform = {
  name: 'time',
  gives: 'time',
  takes: ['dateTime', 'string'],
  apply: (value, { timeZone }) => {
    const parts = typeof value === 'string' ? localParts(value, timeZone) : null;
    return parts === null ? null : `${parts.hour}:${parts.minute}`;
  },
};
