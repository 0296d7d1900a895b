import { Command, Option } from 'commander';
import { type InBothLanguages, Missing, Unauthorized } from '../../connectors/connector.ts';
import type { KintoneAdmin } from '../../connectors/kintone/setup-admin.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import { appGoals } from '../setup/app-goals.ts';
import { words } from '../telephony/check-finding.ts';
import { type Planned, type PlanWishes, planApp, planOf } from './setup-kintone-plan.ts';
import type { MadeApps } from './setup-kintone-state.ts';
import { afterwards, stepLine } from './setup-kintone-texts.ts';

type Language = keyof InBothLanguages;

export interface KintoneSetupWorld {
  readonly admin: KintoneAdmin;
  readonly mapping: Mapping;
  readonly baseUrl: string;
  /** By what the mapping calls them, as `KINTONE_APPS` says. */
  readonly apps: ReadonlyMap<string, string>;
  readonly made: MadeApps;
  readonly language: Language;
  close(): Promise<void>;
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

const notPermitted = words(
  'KINTONE_ADMIN_USERNAME must be able to sign in by password, to make apps, and to manage those in KINTONE_APPS.',
  'KINTONE_ADMIN_USERNAME は、パスワードでログインでき、アプリの作成と KINTONE_APPS のアプリの管理ができるユーザーにしてください。',
);

interface Running {
  readonly world: KintoneSetupWorld;
  readonly options: SetupOptions;
  readonly deps: KintoneSetupDeps;
  readonly language: Language;
  readonly say: (line: InBothLanguages) => void;
}

async function run(options: SetupOptions, deps: KintoneSetupDeps): Promise<void> {
  const world = await deps.open();
  try {
    const language = options.language ?? world.language;
    await setUp({ world, options, deps, language, say: (line) => deps.print(line[language]) }).catch((error: unknown) => {
      if (!(error instanceof Unauthorized)) throw error;
      throw new Error(`${error.message}\n${notPermitted[language]}`, { cause: error });
    });
  } finally {
    await world.close();
  }
}

async function setUp(running: Running): Promise<void> {
  const { world, deps, say } = running;
  const made = await madeAndThere(running);
  const idOf = (object: string) => world.apps.get(object) ?? made[object] ?? (/^[1-9]\d*$/.test(object) ? object : null);
  const goals = appGoals(world.mapping, idOf);
  const planned: Planned[] = [];
  const wishes = wishesOf(running);
  for (const goal of goals) planned.push(await planApp(goal, planned, wishes));
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

function wishesOf({ world, deps, options, language }: Running): PlanWishes {
  const { new: newAnyway = [], publishAll = false } = options;
  return { admin: world.admin, language, newAnyway, publishAll, signal: deps.signal };
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
