/** The people, groups and organisations that settings name, and the fields of a record that name some. */
import { z } from 'zod';
import type { AppDefinition, FieldKind } from './app-definition.ts';
import { text } from './checked-settings.ts';
import { failures } from './failures.ts';
import { PERSON_KINDS } from './field-values.ts';
import { choosable } from './sandbox-people.ts';
import type { EndpointCall } from './sandbox-state.ts';

export const person = z.object({ type: z.enum(['USER', 'GROUP', 'ORGANIZATION']), code: text });
export const personOrField = z.object({ type: z.enum(['USER', 'GROUP', 'ORGANIZATION', 'FIELD_ENTITY']), code: text });

const KINDS = { USER: 'USER_SELECT', GROUP: 'GROUP_SELECT', ORGANIZATION: 'ORGANIZATION_SELECT' } as const;
const NAMING: readonly FieldKind[] = [...PERSON_KINDS, 'CREATOR', 'MODIFIER'];

/** @throws KintoneFailure GAIA_IL26 to 28, GAIA_FC01 for a field that names nobody */
export function demandEntities(
  call: EndpointCall,
  app: AppDefinition,
  entities: readonly { readonly type: keyof typeof KINDS | 'FIELD_ENTITY'; readonly code: string }[],
): void {
  for (const { type, code } of entities) {
    if (type === 'FIELD_ENTITY') {
      const kind = Object.hasOwn(app.fields, code) ? app.fields[code]?.type : undefined;
      if (kind === undefined || !NAMING.includes(kind)) throw failures.noSuchFormField(code);
    } else if (!choosable(call.state.people, KINDS[type]).some((each) => each.code === code)) {
      throw failures.noSuchPerson(KINDS[type], code);
    }
  }
}
