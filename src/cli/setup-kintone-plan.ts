/** What `setup kintone` would do in each app, found out without changing anything. */
import type { InBothLanguages } from '../../connectors/connector.ts';
import type { KintoneAdmin } from '../../connectors/kintone/setup-admin.ts';
import { type AppForm, type FormPlan, planForm } from '../../connectors/kintone/setup-plan.ts';
import { relatedRecords } from '../../connectors/kintone/setup-related.ts';
import type { AppGoal } from '../setup/app-goals.ts';
import { words } from '../telephony/check-finding.ts';
import { appNames, conflictLine, missingCallerLine, nameTakenLine, relatedCodes, viewName } from './setup-kintone-texts.ts';

type Language = keyof InBothLanguages;

/** One app as the plan shows it. */
export interface Planned {
  readonly goal: AppGoal;
  readonly name: string;
  readonly plan: FormPlan;
  readonly problems: readonly InBothLanguages[];
  /** Nothing is done in this app at all. */
  readonly isHeld: boolean;
}

export interface PlanWishes {
  readonly admin: Pick<KintoneAdmin, 'readForm' | 'appsNamed'>;
  readonly language: Language;
  /** Objects for which an app is made although there is one of its name. */
  readonly newAnyway: readonly string[];
  /** Also where somebody else's changes wait. */
  readonly publishAll: boolean;
  readonly signal: AbortSignal;
}

const emptyForm: AppForm = { live: null, preview: { fields: new Map(), layout: [] } };

/** `before`: the apps that come first, as they are planned. */
export async function planApp(goal: AppGoal, before: readonly Planned[], wishes: PlanWishes): Promise<Planned> {
  const { admin, signal, language } = wishes;
  const name = goal.record === null ? goal.object : appNames[goal.record.purpose][language];
  const nothing = { goal, name, plan: { steps: [], conflicts: [] }, isHeld: true };
  if (goal.app === null && goal.record === null) return { ...nothing, problems: [unnamedLine(goal)] };
  const isForced = wishes.newAnyway.includes(goal.object);
  const taken = goal.app === null && !isForced ? await admin.appsNamed(name, signal) : [];
  if (taken.length > 0) return { ...nothing, problems: [nameTakenLine(goal, name, taken)] };
  const form = goal.app === null ? emptyForm : await admin.readForm(goal.app, signal);
  const plan = planOf(goal, form, (object) => idWhenDone(object, before), language);
  const blocking = plan.conflicts.some(({ kind }) => kind === 'unpublished') && !wishes.publishAll;
  const conflicts = plan.conflicts.filter(({ kind }) => kind !== 'unpublished' || !wishes.publishAll);
  const missing = goal.app === null ? [] : goal.callerFields.filter((field) => !form.preview.fields.has(field));
  return {
    ...{ goal, name, plan },
    problems: [...conflicts.map(conflictLine), ...missing.map(missingCallerLine)],
    isHeld: blocking && plan.steps.length > 0,
  };
}

/** The app's id; a placeholder for one that will be made; null when there will be none. */
function idWhenDone(object: string, planned: readonly Planned[]): string | null {
  const found = planned.find(({ goal }) => goal.object === object);
  return found === undefined || found.isHeld ? null : (found.goal.app ?? `(${object})`);
}

export function planOf(goal: AppGoal, form: AppForm, idOf: (object: string) => string | null, language: Language): FormPlan {
  const related = goal.relations.flatMap(({ records, purpose, linkField, shown, newestBy }) => {
    const app = idOf(records);
    if (app === null) return [];
    return relatedRecords(form.preview, { app, linkField, shown, newestBy, code: relatedCodes[purpose][language] }) ?? [];
  });
  const view = goal.view && { ...goal.view, name: viewName[language] };
  return planForm(goal.record?.fields ?? [], form, related, view);
}

function unnamedLine({ object }: AppGoal): InBothLanguages {
  return words(
    `there is no app of this name in KINTONE_APPS: callers are not found, and calls are not shown on their page. Set KINTONE_APPS=${object}=<number>.`,
    `KINTONE_APPS にこの名前のアプリがありません。着信者を検索できず、顧客の画面に通話も表示されません。KINTONE_APPS=${object}=<アプリ番号> と設定してください。`,
  );
}
