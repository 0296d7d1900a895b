import type { TemplateFilter } from './template-filter.ts';

/** `{{ talkSeconds | duration }}` → 2:05, 1:02:05. */
export const duration: TemplateFilter = {
  name: 'duration',
  apply: (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return value;
    const seconds = Math.max(0, Math.round(value));
    const two = (part: number) => String(part).padStart(2, '0');
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
    return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  },
};
