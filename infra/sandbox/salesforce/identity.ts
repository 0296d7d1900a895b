import type { Row, Value } from './record-store.ts';

/** Who a user is, for both addresses that tell it. */
export function identity(user: Row, organizationId: string, self: string): object {
  const { Id, Username, Name, Email, FirstName, LastName, IsActive, UserType } = user;
  const url = `${self}/id/${organizationId}/${Id}`;
  const rest = `${self}/services/data/v{version}`;
  return {
    id: url,
    sub: url,
    asserted_user: true,
    user_id: Id,
    organization_id: organizationId,
    username: Username,
    preferred_username: Username,
    display_name: Name,
    name: Name,
    email: Email,
    first_name: FirstName,
    last_name: LastName,
    active: IsActive,
    user_type: UserType === 'Standard' ? 'STANDARD' : UserType,
    locale: user.LocaleSidKey ?? 'ja_JP',
    language: user.LanguageLocaleKey ?? 'ja',
    urls: {
      rest: `${rest}/`,
      sobjects: `${rest}/sobjects/`,
      search: `${rest}/search/`,
      query: `${rest}/query/`,
      partner: `${self}/services/Soap/u/{version}/${organizationId}`,
    },
  };
}

/** What RFC 7662 has a service tell of a token that works. Who it stands for is told by the address of his identity. */
export function introspection(token: { username: Value; sub: string; clientId: string }, now: number): object {
  const { username, sub, clientId } = token;
  const iat = Math.floor(now / 1000);
  return { active: true, scope: 'api id', client_id: clientId, username, sub, token_type: 'access_token', iat, nbf: iat };
}
