import { Command, Option } from 'commander';
import { Missing } from '../../connectors/connector.ts';
import type { KintoneAdmin } from '../../connectors/kintone/setup-admin.ts';
import { type AppForm, type FormPlan, planForm } from '../../connectors/kintone/setup-plan.ts';
import { relatedRecords } from '../../connectors/kintone/setup-related.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import { type AppGoal, appGoals } from '../setup/app-goals.ts';
import { type InBothLanguages, words } from '../telephony/check-finding.ts';
import type { MadeApps } from './setup-kintone-state.ts';
import {
  afterwards,
  appNames,
  conflictLine,
  missingCallerLine,
  nameTakenLine,
  relatedCode,
  stepLine,
} from './setup-kintone-texts.ts';

type Language = keyof InBothLanguages;

export interface KintoneSetupWorld {
  readonly admin: KintoneAdmin;
  readonly mapping: Mapping;
  readonly baseUrl: string;
  /** By what the mapping calls them, as `KINTONE_APPS` says. */
  readonly apps: ReadonlyMap<string, string>;
  readonly made: MadeApps;
  readonly language: Language;
  close(): void;
}

export interface KintoneSetupDeps {
  /** Opened only when the command runs; closed after it. */
  readonly open: () => Promise<KintoneSetupWorld>;
  readonly signal: AbortSignal;
  /** Null where nobody can be asked: then only `--yes` changes anything. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  readonly print: (line: string) => void;
  readonly setExitCode: (code: number) => void;
}

interface SetupOptions {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly publishAll?: true;
  readonly new?: readonly string[];
  readonly language?: Language;
}

/** `setup kintone`: shows what the apps lack for the mapping, and adds it when told to. */
export function setupKintoneCommand(deps: KintoneSetupDeps): Command {
  return new Command('kintone')
    .description('makes or extends the apps that the mapping writes to; takes nothing away')
    .option('--dry-run', 'show what would be done and change nothing')
    .option('--yes', 'do not ask')
    .option('--new <object...>', 'make this app although there is one of its name')
    .option('--publish-all', 'also where somebody else’s changes wait to be published')
    .addOption(new Option('--language <language>', 'of the texts and of new apps’ names').choices(['en', 'ja']))
    .addHelpText('after', example)
    .action((options: SetupOptions) => run(options, deps));
}

const example = `
Signs in as an administrator, by the environment alone: KINTONE_ADMIN_USERNAME and KINTONE_ADMIN_PASSWORD, or, where no app
has to be made, KINTONE_ADMIN_API_TOKENS with "Manage app". Nothing of it is kept. KINTONE_BASE_URL and KINTONE_APPS are read
from .env. At a terminal you are asked before anything changes; elsewhere nothing changes without --yes. A run that was broken
off goes on when it is run again. The exit code is 1 when something stands in the way.

Example:
  $ read -rs KINTONE_ADMIN_PASSWORD; export KINTONE_ADMIN_PASSWORD KINTONE_ADMIN_USERNAME=admin
  $ ./toritsugi setup kintone`;

interface Running {
  readonly world: KintoneSetupWorld;
  readonly options: SetupOptions;
  readonly deps: KintoneSetupDeps;
  readonly language: Language;
  readonly say: (line: InBothLanguages) => void;
}

/** One app as the plan shows it. */
interface Planned {
  readonly goal: AppGoal;
  readonly name: string;
  readonly plan: FormPlan;
  readonly problems: readonly InBothLanguages[];
  /** Nothing is done in this app at all. */
  readonly isHeld: boolean;
}

async function run(options: SetupOptions, deps: KintoneSetupDeps): Promise<void> {
  const world = await deps.open();
  try {
    const language = options.language ?? world.language;
    await setUp({ world, options, deps, language, say: (line) => deps.print(line[language]) });
  } finally {
    world.close();
  }
}

async function setUp(running: Running): Promise<void> {
  const { world, deps, say } = running;
  const made = await madeAndThere(running);
  const idOf = (object: string) => world.apps.get(object) ?? made[object] ?? (/^[1-9]\d*$/.test(object) ? object : null);
  const goals = appGoals(world.mapping, idOf);
  const planned: Planned[] = [];
  for (const goal of goals) planned.push(await planApp(goal, planned, running));
  for (const one of planned) show(one, say);
  if (planned.some(({ problems }) => problems.length > 0)) deps.setExitCode(1);
  const toDo = planned.filter(({ plan, isHeld }) => !isHeld && plan.steps.length > 0);
  if (toDo.length === 0) say(words('There is nothing to change.', '変更するものはありません。'));
  else if (!(await isWanted(running))) return;
  const ready = planned.filter(({ isHeld }) => !isHeld).map(({ goal }) => goal);
  const ids = new Map(ready.flatMap(({ object, app }) => (app === null ? [] : [[object, app] as const])));
  for (const one of toDo) await carryOut(one, ids, running);
  const known = goals.flatMap((goal) => {
    const app = ids.get(goal.object) ?? goal.app ?? undefined;
    return app === undefined ? [] : [{ ...goal, app }];
  });
  if (known.length > 0) afterwards(world.baseUrl, known).forEach(say);
}

/** Apps that an earlier run made, unless somebody has deleted them since. */
async function madeAndThere({ world, deps }: Running): Promise<Readonly<Record<string, string>>> {
  const there: Record<string, string> = {};
  for (const [object, app] of Object.entries(world.made.read())) {
    const form = await world.admin.readForm(app, deps.signal).catch((error: unknown) => {
      if (error instanceof Missing) return null;
      throw error;
    });
    if (form !== null) there[object] = app;
  }
  return there;
}

async function isWanted({ options, deps, language, say }: Running): Promise<boolean> {
  if (options.dryRun === true) say(words('Dry run: nothing was changed.', '確認のみ: 何も変更していません。'));
  else if (options.yes === true) return true;
  else if (deps.confirm !== null) return deps.confirm(words('Do this in kintone?', 'kintone に反映しますか?')[language]);
  else say(words('Nothing was changed: add --yes to do this.', '何も変更していません。実行するには --yes を付けてください。'));
  return false;
}

const emptyForm: AppForm = { live: null, preview: { fields: new Map(), layout: [] } };

async function planApp(goal: AppGoal, before: readonly Planned[], running: Running): Promise<Planned> {
  const { world, deps, options, language } = running;
  const name = goal.record === null ? goal.object : appNames[goal.record.purpose][language];
  const nothing = { goal, name, plan: { steps: [], conflicts: [] }, isHeld: true };
  if (goal.app === null && goal.record === null) return { ...nothing, problems: [unnamedLine(goal)] };
  const isForced = options.new?.includes(goal.object) ?? false;
  const taken = goal.app === null && !isForced ? await world.admin.appsNamed(name, deps.signal) : [];
  if (taken.length > 0) return { ...nothing, problems: [nameTakenLine(goal, name, taken)] };
  const form = goal.app === null ? emptyForm : await world.admin.readForm(goal.app, deps.signal);
  const plan = planOf(goal, form, (object) => idWhenDone(object, before), language);
  const blocking = plan.conflicts.some(({ kind }) => kind === 'unpublished') && options.publishAll !== true;
  const conflicts = plan.conflicts.filter(({ kind }) => kind !== 'unpublished' || options.publishAll !== true);
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

function planOf(goal: AppGoal, form: AppForm, idOf: (object: string) => string | null, language: Language): FormPlan {
  const related = goal.relations.flatMap(({ records, linkField, shown, newestBy }) => {
    const app = idOf(records);
    if (app === null) return [];
    return relatedRecords(form.preview, { app, linkField, shown, newestBy, code: relatedCode[language] }) ?? [];
  });
  return planForm(goal.record?.fields ?? [], form, related);
}

function show({ goal, name, plan, problems, isHeld }: Planned, say: Running['say']): void {
  const title =
    goal.app === null
      ? words(`${goal.object}: a new app "${name}"`, `${goal.object}: 新しいアプリ「${name}」`)
      : words(`${goal.object} (app ${goal.app})`, `${goal.object}(アプリ ${goal.app})`);
  say(title);
  if (plan.steps.length === 0 && problems.length === 0) say(words('  as it should be', '  問題ありません'));
  const held = isHeld ? words('not done: ', '実行しません: ') : words('', '');
  for (const step of plan.steps) {
    const line = stepLine(step);
    say(words(`  + ${held.en}${line.en}`, `  + ${held.ja}${line.ja}`));
  }
  for (const { en, ja } of problems) say(words(`  ! ${en}`, `  ! ${ja}`));
}

/** Planned once more with the ids that are known by now, so that nothing is done twice. */
async function carryOut(
  { goal, name }: Planned,
  ids: Map<string, string>,
  { world, deps, language, say }: Running,
): Promise<void> {
  const { admin, made } = world;
  let app = goal.app;
  if (app === null) {
    app = await admin.createApp(name, deps.signal);
    made.remember(goal.object, app);
    ids.set(goal.object, app);
    say(words(`${goal.object}: made as app ${app}`, `${goal.object}: アプリ ${app} を作成しました`));
  }
  const form = await admin.readForm(app, deps.signal);
  const { steps } = planOf(goal, form, (object) => ids.get(object) ?? null, language);
  await admin.carryOut(app, steps, deps.signal);
  say(words(`${goal.object}: published (app ${app})`, `${goal.object}: 反映しました(アプリ ${app})`));
}

function unnamedLine({ object }: AppGoal): InBothLanguages {
  return words(
    `there is no app of this name in KINTONE_APPS: callers are not found, and calls are not shown on their page. Set KINTONE_APPS=${object}=<number>.`,
    `KINTONE_APPS にこの名前のアプリがありません。着信者を検索できず、顧客の画面に通話も表示されません。KINTONE_APPS=${object}=<アプリ番号> と設定してください。`,
  );
}
