import { localParts } from '../local-time.ts';
import type { Transform } from './transform.ts';

/** The day by the call centre's clock, `2026-11-23`: an evening in Tokyo is not yet the next day of UTC. */
export const asDate: Transform = {
  name: 'date',
  gives: 'date',
  takes: ['dateTime', 'string'],
  apply: (value, { timeZone }) => {
    const parts = typeof value === 'string' ? localParts(value, timeZone) : null;
    return parts === null ? null : `${parts.year}-${parts.month}-${parts.day}`;
  },
};
