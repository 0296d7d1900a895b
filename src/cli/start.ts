import { Command } from 'commander';
import { runHub } from '../main.ts';
import { namedEnvFile } from './settings-of-command.ts';
import { ownVersion } from './version.ts';
import { buildWebWhenStale } from './web-build.ts';

/** `start`: the hub, until it is stopped by a signal. */
export function startCommand(): Command {
  return new Command('toritsugi start')
    .description('Runs the hub with the settings of .env (see .env.example) and the mappings of MAPPINGS_DIR.')
    .option('--env <file>', 'file with the settings; the environment wins over it', '.env')
    .addHelpText('after', '\nExample:\n  $ cp .env.example .env   # fill in, then\n  $ ./toritsugi start')
    .action(async ({ env }: { env: string }) => {
      const envFile = namedEnvFile(env);
      const webFolder = buildWebWhenStale((line) => process.stderr.write(`toritsugi: ${line}\n`));
      await runHub({ envFile, webFolder, version: ownVersion() });
    });
}
