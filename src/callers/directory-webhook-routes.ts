/** Where a CRM tells by itself what changed: deletions count at once, everything else is read by the next sync, which comes sooner. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { notFound, Problem } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { DirectoryStore } from './directory-store.ts';
import type { CallerConnector } from './directory-sync.ts';

export interface WebhookRouteDeps {
  /** Null: there is no such address. At least 24 characters. */
  readonly secret: string | null;
  readonly connectors: () => readonly CallerConnector[];
  readonly directory: Pick<DirectoryStore, 'remove'>;
  /** Reads a connector's changes now; many calls at a time are one. */
  readonly syncSoon: (connector: string) => Promise<void>;
}

const shortestSecret = 24;
const connectorName = z.string().max(40);

export function directoryWebhookRoutes(deps: WebhookRouteDeps): Route[] {
  const { secret } = deps;
  if (secret === null) return [];
  if (secret.length < shortestSecret) throw new Error(`The secret of webhooks needs at least ${shortestSecret} characters.`);
  const summary = 'A CRM tells that a record changed or is gone. Needs the secret of webhooks';
  return [
    defineRoute({
      method: 'post',
      path: '/webhooks/:connector/:secret',
      summary: `${summary}: in the address, because kintone sends no headers of one’s own.`,
      tag: 'directory',
      access: 'open',
      params: z.object({ connector: connectorName, secret: z.string().max(500) }),
      body: z.looseObject({}),
      handle: ({ params, body }) => take(params.connector, params.secret, body),
    }),
    defineRoute({
      method: 'post',
      path: '/webhooks/:connector',
      summary: `${summary}, as \`Authorization: Bearer\`.`,
      tag: 'directory',
      access: 'open',
      params: z.object({ connector: connectorName }),
      body: z.looseObject({}),
      handle: ({ params, body, response }) => {
        const given = /^bearer +(\S{1,500})$/i.exec(response.req.headers.authorization ?? '')?.[1] ?? '';
        return take(params.connector, given, body);
      },
    }),
  ];

  async function take(name: string, given: string, body: unknown): Promise<void> {
    if (!timingSafeEqual(digest(given), digest(secret ?? ''))) {
      throw new Problem(401, 'wrong-secret', 'The secret of webhooks is another one.');
    }
    const crm = deps.connectors().find((one) => one.name === name);
    const notices = crm?.connector.notices;
    if (crm === undefined || notices === undefined) throw notFound('No connector of this name is told changes by its CRM.');
    const objects = crm.sources.map(({ object }) => object);
    const notice = notices.read(body, objects);
    if (notice === null) throw new Problem(400, 'invalid', 'This is no notice of the CRM.');
    await deps.directory.remove(name, notice.deleted);
    if (notice.changed.length > 0) await deps.syncSoon(name);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
