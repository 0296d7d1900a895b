import { choiceLabel } from '../choices.ts';
import type { TemplateFilter } from './template-filter.ts';

/** `{{ direction | label }}` → 着信; `label: "en"` → Inbound. */
export const label: TemplateFilter = {
  name: 'label',
  apply: (value, { locale }, [asked]) => {
    if (typeof value !== 'string') return value;
    return choiceLabel(value, asked === 'ja' || asked === 'en' ? asked : locale);
  },
};
