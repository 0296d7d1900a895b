/** app/settings.json, as it is and as it will be. */
import { z } from 'zod';
import type { AppDefinition } from './app-definition.ts';
import type { AppSettings, GeneralSettings } from './app-settings.ts';
import { checked, flag, text } from './checked-settings.ts';
import type { NumberPrecision } from './exact-decimal.ts';
import { failures } from './failures.ts';
import { invalid, tooLong } from './kintone-failure.ts';
import type { Endpoint } from './sandbox-state.ts';
import { changePreview, liveSettings, previewSettings } from './settings-state.ts';

export const getSettings: Endpoint = (call) => generalView(liveSettings(call));
export const getPreviewSettings: Endpoint = (call) => generalView(previewSettings(call));

function generalView({ definition, general, revision }: AppSettings): object {
  return { name: definition.name, ...general, revision: String(revision) };
}

const general = z.object({
  name: text.pipe(z.string().min(1)).optional(),
  description: text.optional(),
  icon: z.object({ type: z.literal('PRESET'), key: z.string().regex(/^APP([1-9]|[1-8]\d|90)$/) }).optional(),
  theme: z.enum(['WHITE', 'CLIPBOARD', 'BINDER', 'PENCIL', 'CLIPS', 'RED', 'GREEN', 'BLUE', 'YELLOW', 'BLACK']).optional(),
  titleField: z.object({ selectionMode: z.enum(['AUTO', 'MANUAL']), code: text.default('') }).optional(),
  ...{ enableThumbnails: flag.optional(), enableBulkDeletion: flag.optional(), enableComments: flag.optional() },
  ...{ enableDuplicateRecord: flag.optional(), enableInlineRecordEditing: flag.optional() },
  numberPrecision: z
    .object({
      digits: text.pipe(z.string().regex(/^([1-9]|[12]\d|30)$/)),
      decimalPlaces: text.pipe(z.string().regex(/^\d$|^10$/)),
      roundingMode: z.enum(['HALF_EVEN', 'UP', 'DOWN']),
    })
    .optional(),
  firstMonthOfFiscalYear: text.pipe(z.string().regex(/^([1-9]|1[0-2])$/)).optional(),
});
const LONGEST_NAME = 64;

/** Icons of one's own are left out. */
export const putSettings: Endpoint = (call) => {
  const { name, ...sent } = checked(general, call.args, '');
  if (name !== undefined && name.length > LONGEST_NAME) throw invalid({ name: [tooLong(LONGEST_NAME)] });
  const { revision } = changePreview(call, (settings) => {
    const changed = { ...settings.general, ...defined(sent) } as GeneralSettings;
    const { selectionMode, code } = changed.titleField;
    if (selectionMode === 'MANUAL' && settings.definition.fields[code] === undefined) throw failures.noSuchFormField(code);
    const definition: AppDefinition = {
      ...settings.definition,
      name: name ?? settings.definition.name,
      precision: precisionOf(changed.numberPrecision),
      commentsOff: !changed.enableComments,
      ...(selectionMode === 'MANUAL' ? { titleField: code } : {}),
    };
    return { ...settings, general: changed, definition };
  });
  return { revision: String(revision) };
};

function precisionOf({ digits, decimalPlaces, roundingMode }: GeneralSettings['numberPrecision']): NumberPrecision {
  return { digits: Number(digits), decimalPlaces: Number(decimalPlaces), roundingMode };
}

function defined(sent: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined));
}
