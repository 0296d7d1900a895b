import { localParts } from '../local-time.ts';
import type { TemplateFilter } from './template-filter.ts';

/** `{{ startedAt | dateTime }}` → 2026/11/23 09:05, by the clock of the call centre. */
export const dateTime: TemplateFilter = {
  name: 'dateTime',
  apply: (value, { timeZone }) => {
    const parts = typeof value === 'string' ? localParts(value, timeZone) : null;
    return parts === null ? value : `${parts.year}/${parts.month}/${parts.day} ${parts.hour}:${parts.minute}`;
  },
};
