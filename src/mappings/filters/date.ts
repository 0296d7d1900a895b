import { localParts } from '../local-time.ts';
import type { TemplateFilter } from './template-filter.ts';

/** `{{ startedAt | date }}` → 2026/11/23, by the clock of the call centre. */
export const date: TemplateFilter = {
  name: 'date',
  apply: (value, { timeZone }) => {
    const parts = typeof value === 'string' ? localParts(value, timeZone) : null;
    return parts === null ? value : `${parts.year}/${parts.month}/${parts.day}`;
  },
};
