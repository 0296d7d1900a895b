/** An app's form: its fields as kintone tells them, read once and kept for a while. */
import { z } from 'zod';
import type { GateRequest, KintoneGate } from './kintone-gate.ts';

/** kintone writes numbers as strings; should it ever write one as a number, no field is lost for it. */
const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? '');

const property = z.looseObject({
  type: z.string(),
  code: z.string(),
  label: text,
  required: z.boolean().default(false),
  unique: z.boolean().default(false),
  maxLength: text,
  displayScale: text,
  protocol: text,
  defaultValue: z.unknown().optional(),
  defaultNowValue: z.boolean().default(false),
  options: z.record(z.string(), z.looseObject({ index: z.coerce.number().default(0) })).optional(),
  lookup: z
    .looseObject({
      relatedApp: z.looseObject({ app: z.coerce.string() }),
      fieldMappings: z.array(z.looseObject({ field: z.string() })).default([]),
    })
    .nullish(),
  fields: z.record(z.string(), z.unknown()).optional(),
});

const formAnswer = z.looseObject({ properties: z.record(z.string(), z.unknown()) });

type Property = z.infer<typeof property>;

export interface FormField extends Property {
  /** The table whose cell this is; null for a field of the record itself. */
  readonly table: string | null;
  /** Filled by a lookup: what is written to it is ignored. */
  readonly isCopied: boolean;
}

export interface KintoneForm {
  readonly app: string;
  readonly fields: ReadonlyMap<string, FormField>;
  readonly readAt: number;
}

/** Pure. Null when it is no answer of `app/form/fields.json`; fields of a kind nobody knows yet are left out. */
export function readForm(app: string, answer: unknown, now: number): KintoneForm | null {
  const parsed = formAnswer.safeParse(answer);
  if (!parsed.success) return null;
  const own = properties(parsed.data.properties);
  const cells = own.flatMap((table) => properties(table.fields ?? {}).map((cell) => ({ cell, table: table.code })));
  const all = [...own.map((cell) => ({ cell, table: null })), ...cells];
  const copied = new Set(all.flatMap(({ cell }) => cell.lookup?.fieldMappings.map((mapping) => mapping.field) ?? []));
  const fields = all.map(({ cell, table }): [string, FormField] => [
    cell.code,
    { ...cell, table, isCopied: copied.has(cell.code) },
  ]);
  return { app, fields: new Map(fields), readAt: now };
}

function properties(record: Readonly<Record<string, unknown>>): readonly Property[] {
  return Object.values(record).flatMap((each) => {
    const parsed = property.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

/** System fields have localised codes (更新日時, Updated_datetime): they are found by their type. */
export function systemField(form: KintoneForm, type: 'UPDATED_TIME'): FormField | null {
  return [...form.fields.values()].find((field) => field.type === type) ?? null;
}

export interface KintoneForms {
  /** From memory when it was read within the last ten minutes, or as lately as is asked for. @throws ConnectorError */
  get(app: string, signal: AbortSignal, freshMs?: number): Promise<KintoneForm>;
  /** Asks again, for a field that the remembered form does not know. */
  refresh(app: string, signal: AbortSignal): Promise<KintoneForm>;
}

const FRESH_MS = 10 * 60_000;
const MOST_FORMS = 100;

export function formRequest(app: string, now: () => number): GateRequest<KintoneForm> {
  return {
    app,
    doing: `tell the fields of app ${app}`,
    send: (client) => client.app.getFormFields({ app }),
    read: (answer) => readForm(app, answer, now()),
  };
}

export function openForms(gate: KintoneGate, now: () => number): KintoneForms {
  const known = new Map<string, KintoneForm>();
  const refresh = async (app: string, signal: AbortSignal): Promise<KintoneForm> => {
    const form = await gate.ask(formRequest(app, now), signal);
    if (known.size >= MOST_FORMS) known.clear();
    known.set(app, form);
    return form;
  };
  return {
    refresh,
    get: async (app, signal, freshMs = FRESH_MS) => {
      const form = known.get(app);
      return form !== undefined && now() - form.readAt < freshMs ? form : refresh(app, signal);
    },
  };
}
