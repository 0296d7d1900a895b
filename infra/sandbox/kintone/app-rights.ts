/** What a signed-in person may do in an app: the first of its rights that speaks of the person. Pure. */
import type { Right } from './access.ts';
import type { AppEntry, AppRight } from './app-settings.ts';
import type { People } from './sandbox-people.ts';

export function mayDo(right: Right, user: string, entry: AppEntry, people: People): boolean {
  const rights = (entry.live ?? entry.preview).rights;
  const own = rights.find((each) => speaksOf(each, user, entry.creator, people));
  if (own === undefined) return false;
  switch (right) {
    case 'view':
      return own.recordViewable;
    case 'add':
      return own.recordAddable;
    case 'edit':
      return own.recordViewable && own.recordEditable;
    case 'delete':
      return own.recordViewable && own.recordDeletable;
    default:
      return own.appEditable;
  }
}

function speaksOf({ entity }: AppRight, user: string, creator: string, people: People): boolean {
  switch (entity.type) {
    case 'CREATOR':
      return user === creator;
    case 'USER':
      return user === entity.code;
    case 'ORGANIZATION':
      return people.users.find((each) => each.code === user)?.organization === entity.code;
    default:
      return entity.code === 'everyone' || (entity.code === 'Administrators' && user === 'Administrator');
  }
}
