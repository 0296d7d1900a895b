/** The people of the sandbox: users, and the organisations and groups they can be chosen by. */
import type { Account } from './access.ts';
import type { FieldKind } from './app-definition.ts';
import type { Entity } from './field-values.ts';

/** A person who can sign in or be chosen in a USER_SELECT field. */
export interface SandboxUser {
  readonly code: string;
  readonly name: string;
  /** The code of the organisation that comes first for this person. */
  readonly organization?: string;
}

export interface People {
  readonly users: readonly SandboxUser[];
  readonly organizations: readonly Entity[];
  readonly groups: readonly Entity[];
}

export const PEOPLE: People = {
  users: [
    { code: 'Administrator', name: 'Administrator' },
    { code: 'toritsugi', name: '取次' },
    { code: 'sato', name: '佐藤 昇', organization: 'sales' },
    { code: 'suzuki', name: '鈴木 花子', organization: 'support' },
  ],
  organizations: [
    { code: 'sales', name: '営業部' },
    { code: 'support', name: 'お客様相談室' },
  ],
  groups: [
    { code: 'Administrators', name: 'Administrators' },
    { code: 'everyone', name: 'Everyone' },
  ],
};

/** Known to everybody on purpose: the sandbox guards nothing, and a developer's settings survive its restart. */
export const ACCOUNT: Account = { username: 'toritsugi', password: 'sandbox-password' };

/** Those who can be chosen in a field of this kind. */
export function choosable(people: People, kind: FieldKind): readonly Entity[] {
  if (kind === 'ORGANIZATION_SELECT') return people.organizations;
  return kind === 'GROUP_SELECT' ? people.groups : people.users;
}

export function nameOf(people: People, code: string): string {
  return people.users.find((user) => user.code === code)?.name ?? code;
}
