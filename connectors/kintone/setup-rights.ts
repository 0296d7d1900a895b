/** Which permissions the hub's own API tokens lack in the apps, by what is done there. */
import type { ConnectorWorld } from '../connector.ts';
import { type Right, rightsIn } from './kintone-check.ts';
import { openDomain } from './kintone-domain.ts';
import { isAppClosed, isTokenUnknown } from './kintone-errors.ts';
import { readConfig } from './kintone-settings.ts';

export interface AppNeed {
  /** As the mapping calls it. */
  readonly object: string;
  readonly needed: readonly Right[];
}

export interface AppRights {
  readonly object: string;
  readonly app: string;
  readonly baseUrl: string;
  readonly missing: readonly Right[];
  /** Why it could not be found out; null when it was. */
  readonly problem: string | null;
}

/** Changes nothing: an empty list of records is written. @throws Missing for an app that no setting names */
export async function missingRights(
  settings: Readonly<Record<string, string>>,
  needs: readonly AppNeed[],
  world: ConnectorWorld,
  signal: AbortSignal,
): Promise<readonly AppRights[]> {
  const domain = openDomain(readConfig(settings), world);
  const { baseUrl } = domain.config;
  const found: AppRights[] = [];
  try {
    // One app after the other: a check must not crowd the domain's connections.
    for (const { object, needed } of needs) {
      const app = domain.appOf(object);
      const tried = (await rightsIn(domain, app, signal)).filter(({ right }) => needed.includes(right));
      const refused = tried.flatMap(({ right, tried: { ok, ...rest } }) =>
        ok || !('failure' in rest) ? [] : [{ right, ...rest }],
      );
      const missing = refused.filter(({ failure, verdict }) => isAppClosed(failure) || verdict.error.kind === 'unauthorized');
      const other = refused.find((one) => isTokenUnknown(one.failure) || (!missing.includes(one) && one.verdict.kind === 'hold'));
      const problem = other?.verdict.error.message ?? null;
      found.push({ object, app, baseUrl, missing: problem === null ? missing.map(({ right }) => right) : [], problem });
    }
  } finally {
    domain.gate.close();
  }
  return found;
}
