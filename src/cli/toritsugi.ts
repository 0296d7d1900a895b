import { Command } from 'commander';
import { languageOf } from '../config/language-of.ts';
import { describeFailure } from './failure.ts';
import { ownVersion } from './version.ts';

/** Each command's code is loaded only when it is called: `start` must not pay for what the others bring along. */
const commands: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  demo: {
    summary: 'the whole product on this machine with nothing to configure',
    load: async () => (await import('./demo.ts')).demoCommand(),
  },
  start: { summary: 'the hub, from .env and mappings/', load: async () => (await import('./start.ts')).startCommand() },
  test: { summary: 'everything that must pass', load: async () => (await import('./test.ts')).testCommand() },
  doctor: {
    summary: 'checks settings, PBX, CRMs, mappings, database and Redis, with a remedy for each failure',
    load: async () => (await import('./doctor.ts')).doctorCommand(),
  },
  setup: {
    summary: 'kintone, salesforce: makes in the CRM what the mapping needs',
    load: async () => (await import('./setup.ts')).setupCommand(),
  },
  replay: {
    summary: 'runs recorded AMI streams through the same code as live',
    load: async () => (await import('./replay.ts')).replayCommand(),
  },
  mappings: {
    summary: 'check, try: which call fact goes into which CRM field',
    load: async () => (await import('./mappings-from-settings.ts')).mappingsFromSettings(),
  },
  directory: {
    summary: 'sync, import, find, unreadable: whose number is whose',
    load: async () => (await import('./directory-from-settings.ts')).directoryFromSettings(),
  },
  owed: {
    summary: 'list, retry, discard: what the CRMs do not have yet',
    load: async () => (await import('./owed-from-settings.ts')).owedFromSettings(),
  },
  blocked: {
    summary: 'list, add, remove: whose calls are not put through',
    load: async () => (await import('./blocked-from-settings.ts')).blockedFromSettings(),
  },
  sandbox: {
    summary: 'asterisk, salesforce, kintone: one sandbox alone, for developing against',
    load: async () => (await import('./sandbox.ts')).sandboxCommand(),
  },
  bench: {
    summary: 'how fast, as ratios against a baseline in the same run',
    load: async () => (await import('./bench.ts')).benchCommand(),
  },
};

function overview(): Command {
  const program = new Command('toritsugi')
    .description('Toritsugi (取次): puts the right customer on the operator’s screen and every call into the CRM.')
    .option('--version', 'the version')
    .helpCommand('help [command...]', 'what a command does')
    .addHelpText('after', '\nStart with:\n  $ ./toritsugi demo');
  for (const [name, { summary }] of Object.entries(commands)) program.command(name).description(summary);
  return program;
}

function pointToHelp(command: Command): void {
  command.showHelpAfterError('Add --help to see what there is.');
  command.commands.forEach(pointToHelp);
}

async function run(words: readonly string[]): Promise<void> {
  const [first, ...rest] = words;
  if (first === 'help' && rest.length > 0) return run([...rest, '--help']);
  if (first === undefined || ['help', '--help', '-h'].includes(first)) {
    overview().outputHelp();
    return;
  }
  if (first === '--version') {
    process.stdout.write(`${ownVersion()}\n`);
    return;
  }
  const chosen = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (chosen === undefined) {
    const kind = first.startsWith('-') ? 'option' : 'command';
    throw new Error(`there is no ${kind} "${first}". Commands: ${Object.keys(commands).join(', ')}. See "toritsugi help".`);
  }
  const command = await chosen.load();
  pointToHelp(command);
  await command.parseAsync([...rest], { from: 'user' });
}

// Whoever reads our output may stop before its end (`| head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`toritsugi: ${describeFailure(error, languageOf('.env', process.env))}\n`);
  process.exitCode = 1;
});
