/** How an app's form is laid out: every field once, tables and groups by themselves. Pure. */
import { z } from 'zod';
import { type AppDefinition, type FieldProperty, findField, SYSTEM_KINDS } from './app-definition.ts';
import { type LayoutField, type LayoutPart, type LayoutRow, layoutField } from './app-settings.ts';
import { checked } from './checked-settings.ts';
import { failures } from './failures.ts';

const size = z.record(z.string(), z.coerce.string());
const field = z.object({
  type: z.string(),
  code: z.string().optional(),
  label: z.string().optional(),
  elementId: z.string().optional(),
  size: size.optional(),
});
const row = z.object({ type: z.literal('ROW'), fields: z.array(field) });
const part = z.discriminatedUnion('type', [
  row,
  z.object({ type: z.literal('SUBTABLE'), code: z.string(), fields: z.array(field) }),
  z.object({ type: z.literal('GROUP'), code: z.string(), layout: z.array(row) }),
]);

/** @throws KintoneFailure CB_VA01, GAIA_FC01 for a field there is not, GAIA_FN11 for one that is left out or named twice. */
export function readLayout(sent: readonly unknown[], app: AppDefinition): readonly LayoutPart[] {
  const layout = checked(z.array(part), sent, 'layout') as readonly LayoutPart[];
  const named = layout.flatMap(codesIn);
  for (const { code, type } of named) {
    const found = findField(app, code);
    if (found === null || found.property.type !== type) throw failures.noSuchFormField(code);
  }
  const codes = named.map(({ code }) => code);
  const missing = Object.values(app.fields)
    .flatMap(placesOf)
    .find((code) => !codes.includes(code));
  if (missing !== undefined || new Set(codes).size < codes.length) throw failures.layoutIncomplete(missing ?? '');
  return layout;
}

interface Named {
  readonly code: string;
  readonly type: string;
}

function codesIn(each: LayoutPart): readonly Named[] {
  if (each.type === 'ROW') return namedFields(each.fields);
  if (each.type === 'SUBTABLE') return [{ code: each.code, type: each.type }, ...namedFields(each.fields)];
  return [{ code: each.code, type: each.type }, ...each.layout.flatMap((inner) => namedFields(inner.fields))];
}

/** Labels, spaces and lines have no code. */
function namedFields(fields: readonly LayoutField[]): readonly Named[] {
  return fields.flatMap(({ code, type }) => (code === undefined ? [] : [{ code, type }]));
}

function placesOf(property: FieldProperty): readonly string[] {
  if (SYSTEM_KINDS.includes(property.type)) return [];
  return [property.code, ...Object.keys(property.fields ?? {})];
}

/** Columns that are new stand behind the others. */
export function withCells(
  part: Extract<LayoutPart, { type: 'SUBTABLE' }>,
  added: readonly FieldProperty[],
): Extract<LayoutPart, { type: 'SUBTABLE' }> {
  return { ...part, fields: [...part.fields, ...added.map(layoutField)] };
}

export function withoutField(layout: readonly LayoutPart[], code: string): readonly LayoutPart[] {
  const kept = layout.filter((each) => each.type === 'ROW' || each.code !== code);
  return kept.flatMap((each): readonly LayoutPart[] => {
    if (each.type === 'GROUP') return [{ ...each, layout: each.layout.flatMap((inner) => withoutIn(inner, code)) }];
    if (each.type === 'SUBTABLE') return [{ ...each, fields: each.fields.filter((one) => one.code !== code) }];
    return withoutIn(each, code);
  });
}

/** A row that loses its last field goes with it. */
function withoutIn(each: LayoutRow, code: string): readonly LayoutRow[] {
  const fields = each.fields.filter((one) => one.code !== code);
  return fields.length === 0 && each.fields.length > 0 ? [] : [{ ...each, fields }];
}
