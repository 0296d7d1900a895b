/** Who asks, and what they may do: API tokens of apps, or a user's password. */
import { failures } from './kintone-failure.ts';

export type Right = 'view' | 'add' | 'edit' | 'delete';

/** Belongs to one app. */
export interface ApiToken {
  readonly token: string;
  readonly app: string;
  readonly rights: readonly Right[];
}

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** The headers of a request that say who asks. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly apiTokens: string | undefined;
}

export interface Caller {
  /** Login name written into records; API tokens act as Administrator. */
  readonly name: string;
  readonly isTokenOnly: boolean;
  may(app: string, right: Right): boolean;
  /** @throws KintoneFailure GAIA_IA02 without a token of the app, GAIA_NO01 where its tokens lack the right. */
  demand(app: string, rights: readonly Right[]): void;
}

const MOST_TOKENS = 9;

/** The password counts before the tokens. @throws KintoneFailure CB_AU01, CB_WA01 */
export function identify(credentials: Credentials, accounts: readonly Account[], tokens: readonly ApiToken[]): Caller {
  if (credentials.authorization !== undefined) return passwordCaller(credentials.authorization, accounts);
  if (credentials.apiTokens === undefined || credentials.apiTokens.trim() === '') throw failures.pleaseLogIn();
  const sent = credentials.apiTokens.split(',').map((token) => token.trim());
  if (sent.length > MOST_TOKENS) throw failures.malformed();
  const own = tokens.filter((token) => sent.includes(token.token));
  const rightsOn = (app: string) => own.filter((token) => token.app === app).flatMap((token) => token.rights);
  return {
    name: 'Administrator',
    isTokenOnly: true,
    may: (app, right) => rightsOn(app).includes(right),
    demand: (app, rights) => {
      const granted = rightsOn(app);
      if (granted.length === 0) throw failures.foreignToken();
      if (!rights.every((right) => granted.includes(right))) throw failures.tokenMayNot();
    },
  };
}

function passwordCaller(authorization: string, accounts: readonly Account[]): Caller {
  const [username, ...rest] = Buffer.from(authorization, 'base64').toString('utf8').split(':');
  const account = accounts.find((each) => each.username === username && each.password === rest.join(':'));
  if (account === undefined) throw failures.wrongPassword();
  return { name: account.username, isTokenOnly: false, may: () => true, demand: () => undefined };
}
