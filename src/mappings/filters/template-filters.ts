import { date } from './date.ts';
import { dateTime } from './date-time.ts';
import { duration } from './duration.ts';
import { e164 } from './e164.ts';
import { label } from './label.ts';
import { national } from './national.ts';
import type { TemplateFilter } from './template-filter.ts';

/** Our own filters, beside those Liquid brings. */
export const templateFilters: readonly TemplateFilter[] = [label, national, e164, duration, date, dateTime];
