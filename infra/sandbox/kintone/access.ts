/** Who asks, and what they may do: API tokens of apps, or a user's password. */
import { mayDo } from './app-rights.ts';
import type { AppEntry } from './app-settings.ts';
import { failures } from './failures.ts';
import type { Language } from './kintone-failure.ts';
import type { People } from './sandbox-people.ts';

export type Right = 'view' | 'add' | 'edit' | 'delete' | 'admin';

/** With any of these an app is seen at all. */
export const SEEING: readonly Right[] = ['view', 'add', 'admin'];

/** Belongs to one app. */
export interface ApiToken {
  readonly token: string;
  readonly app: string;
  readonly rights: readonly Right[];
}

export interface Account {
  readonly username: string;
  readonly password: string;
  /** Of this person's messages; left out: that of the browser. */
  readonly language?: Language;
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

export interface Domain {
  readonly accounts: readonly Account[];
  readonly tokens: readonly ApiToken[];
  readonly settings: ReadonlyMap<string, AppEntry>;
  readonly people: People;
}

/** The password counts before the tokens. One token that nobody knows spoils the others. @throws KintoneFailure CB_AU01, CB_WA01, GAIA_IA02 */
export function identify(credentials: Credentials, domain: Domain): Caller {
  if (credentials.authorization !== undefined) return passwordCaller(credentials.authorization, domain);
  if (credentials.apiTokens === undefined || credentials.apiTokens.trim() === '') throw failures.pleaseLogIn();
  const sent = credentials.apiTokens.split(',').map((token) => token.trim());
  if (sent.length > MOST_TOKENS) throw failures.malformed();
  const own = sent.map((text) => {
    const known = domain.tokens.find((token) => token.token === text);
    if (known === undefined) throw failures.foreignToken();
    return known;
  });
  const apps = own.map((token) => token.app);
  if (new Set(apps).size < apps.length) throw failures.duplicateToken();
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

function passwordCaller(authorization: string, { accounts, settings, people }: Domain): Caller {
  const [username, ...rest] = Buffer.from(authorization, 'base64').toString('utf8').split(':');
  const account = accounts.find((each) => each.username === username && each.password === rest.join(':'));
  if (account === undefined) throw failures.wrongPassword();
  const name = account.username;
  const may = (app: string, right: Right): boolean => {
    const entry = settings.get(app);
    return entry !== undefined && mayDo(right, name, entry, people);
  };
  const demand = (app: string, rights: readonly Right[]): void => {
    if (!rights.every((right) => may(app, right))) throw failures.noPermission();
  };
  return { name, isTokenOnly: false, may, demand };
}
