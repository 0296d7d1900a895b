/** What the set-up asks of kintone, in an administrator's name: forms read as they are and as they will be, changed, and published. */
import { z } from 'zod';
import { Missing, Rejected, Unreachable } from '../connector.ts';
import { isAppClosed } from './kintone-errors.ts';
import { readForm } from './kintone-form.ts';
import type { GateRequest, KintoneGate } from './kintone-gate.ts';
import { isOneOf } from './kintone-query.ts';
import {
  type AppForm,
  arrangedLayout,
  type FieldProperty,
  type FormState,
  type FormStep,
  type LayoutPart,
  optionsOf,
  type WantedView,
} from './setup-plan.ts';

export interface KintoneAdmin {
  /** @throws ConnectorError; Missing when there is no such app */
  readForm(app: string, signal: AbortSignal): Promise<AppForm>;
  /** Published apps of exactly this name. [] for API tokens, which may not ask. */
  appsNamed(name: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Its id. Nobody sees it before it is published. */
  createApp(name: string, signal: AbortSignal): Promise<string>;
  /** The steps of a plan. Nothing takes effect before the last, `publish`, which waits until it has. */
  carryOut(app: string, steps: readonly FormStep[], signal: AbortSignal): Promise<void>;
}

export interface KintoneAdminWorld {
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told while kintone publishes; milliseconds so far. */
  readonly onPublishing: (app: string, waitedMs: number) => void;
}

const layoutAnswer = z.looseObject({
  layout: z.array(
    z.looseObject({ type: z.string(), fields: z.array(z.looseObject({ code: z.string().optional() })).optional() }),
  ),
});
const appsAnswer = z.looseObject({ apps: z.array(z.looseObject({ appId: z.coerce.string(), name: z.string() })) });
const viewsAnswer = z.looseObject({ views: z.record(z.string(), z.unknown()) });
const madeAnswer = z.looseObject({ app: z.coerce.string() });
const deployAnswer = z.looseObject({ apps: z.array(z.looseObject({ status: z.string() })).min(1) });

const pollMs = 1_000;
const longestPublishMs = 300_000;

export function openKintoneAdmin(gate: KintoneGate, { now, pause, onPublishing }: KintoneAdminWorld): KintoneAdmin {
  return {
    async readForm(app, signal) {
      const preview = await readState(app, true, signal);
      // An app that was never published is not there for the calls that ask how it is.
      const live = await readState(app, false, signal).catch((error: unknown) => {
        if (error instanceof Missing) return null;
        throw error;
      });
      return { live, preview };
    },

    async appsNamed(name, signal) {
      const request = asking('list its apps', appsAnswer, (client) => client.app.getApps({ name, limit: 100 }));
      const tried = await gate.attempt(request, signal);
      if (!tried.ok && isAppClosed(tried.failure)) return [];
      if (!tried.ok) throw tried.verdict.error;
      return tried.value.apps.filter((app) => app.name === name).map(({ appId }) => appId);
    },

    async createApp(name, signal) {
      const made = await gate.ask(
        asking(`make the app ${name}`, madeAnswer, (client) => client.app.addApp({ name })),
        signal,
      );
      return made.app;
    },

    async carryOut(app, steps, signal) {
      const added = steps.flatMap((step) => (step.kind === 'addField' ? [step.property] : []));
      if (added.length > 0) await addFields(app, added, signal);
      for (const step of steps) await perform(app, step, signal);
    },
  };

  async function addFields(app: string, added: readonly FieldProperty[], signal: AbortSignal): Promise<void> {
    const properties = Object.fromEntries(added.map((property) => [property.code, property]));
    await change(`add fields to app ${app}`, signal, (client) =>
      client.app.addFormFields({ app, properties: properties as never }),
    );
  }

  async function perform(app: string, step: FormStep, signal: AbortSignal): Promise<void> {
    switch (step.kind) {
      case 'addField':
        // Added all at once, before anything else.
        return;
      case 'makeUnique':
        return changeField(app, step.code, { unique: true }, signal);
      case 'addChoices': {
        const before = (await readState(app, true, signal)).fields.get(step.code)?.options ?? {};
        const options = { ...before, ...optionsOf(step.choices, Object.keys(before).length) };
        return changeField(app, step.code, { options }, signal);
      }
      case 'arrange': {
        const layout = arrangedLayout(await readLayout(app, true, signal), step.rows);
        return change(`lay out app ${app}`, signal, (client) => client.app.updateFormLayout({ app, layout: layout as never }));
      }
      case 'addView':
        return addView(app, step, signal);
      case 'publish':
        return publish(app, signal);
    }
  }

  /** kintone takes all views at once and drops those that are not sent: one is only added where there are none. */
  async function addView(app: string, { name, columns, open, dueBy }: WantedView, signal: AbortSignal): Promise<void> {
    const asked = asking(`tell the views of app ${app}`, viewsAnswer, (client) => client.app.getViews({ app, preview: true }));
    const { views } = await gate.ask(asked, signal);
    if (Object.keys(views).length > 0) return;
    const filterCond = isOneOf(open.field, [open.value]);
    const view = { index: 0, type: 'LIST' as const, name, fields: [...columns], filterCond, sort: `${dueBy} asc` };
    await change(`add a view to app ${app}`, signal, (client) => client.app.updateViews({ app, views: { [name]: view } }));
  }

  async function readState(app: string, preview: boolean, signal: AbortSignal): Promise<FormState> {
    const request: GateRequest<FormState['fields']> = {
      app,
      doing: `tell the fields of app ${app}`,
      send: (client) => client.app.getFormFields({ app, preview }),
      read: (answer) => readForm(app, answer, now())?.fields ?? null,
    };
    return { fields: await gate.ask(request, signal), layout: await readLayout(app, preview, signal) };
  }

  async function readLayout(app: string, preview: boolean, signal: AbortSignal): Promise<readonly LayoutPart[]> {
    const request = asking(`tell the layout of app ${app}`, layoutAnswer, (client) => client.app.getFormLayout({ app, preview }));
    return (await gate.ask(request, signal)).layout;
  }

  async function change(doing: string, signal: AbortSignal, send: GateRequest<unknown>['send']): Promise<void> {
    await gate.ask(
      { app: null, doing, send, read: (answer) => (typeof answer === 'object' && answer !== null ? true : null) },
      signal,
    );
  }

  /** kintone leaves what is not named; the type is named because it insists on it. */
  async function changeField(app: string, code: string, changed: object, signal: AbortSignal): Promise<void> {
    const type = (await readState(app, true, signal)).fields.get(code)?.type;
    await change(`change the field ${code} of app ${app}`, signal, (client) =>
      client.app.updateFormFields({ app, properties: { [code]: { type, code, ...changed } } as never }),
    );
  }

  async function publish(app: string, signal: AbortSignal): Promise<void> {
    await change(`publish app ${app}`, signal, (client) => client.app.deployApp({ apps: [{ app }] }));
    for (let waitedMs = 0; waitedMs < longestPublishMs; waitedMs += pollMs) {
      const request = asking(`tell how publishing app ${app} goes`, deployAnswer, (client) =>
        client.app.getDeployStatus({ apps: [app] }),
      );
      const status = (await gate.ask(request, signal)).apps[0]?.status;
      if (status === 'SUCCESS') return;
      if (status !== 'PROCESSING') throw notPublished(app, String(status));
      onPublishing(app, waitedMs);
      await pause(pollMs, signal);
    }
    throw new Unreachable(`kintone has been publishing app ${app} for five minutes. Run the set-up again later: it goes on.`);
  }
}

function notPublished(app: string, status: string): Rejected {
  const message =
    `kintone did not publish app ${app} (${status}). ` +
    'If a field was to be made unique, records repeat a value in it: make them differ, then run the set-up again.';
  return new Rejected(message, [{ field: null, code: status, message }]);
}

function asking<T>(doing: string, answer: z.ZodType<T>, send: GateRequest<T>['send']): GateRequest<T> {
  return { app: null, doing, send, read: (got) => answer.safeParse(got).data ?? null };
}
