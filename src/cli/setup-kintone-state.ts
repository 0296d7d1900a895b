import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/**
 * The apps a set-up has made: kintone lists none that was never published, so that a run that was broken off could not find its own.
 * By the address of the kintone, then by what the mapping calls the app.
 */
export interface MadeApps {
  read(): Readonly<Record<string, string>>;
  remember(object: string, app: string): void;
}

const shape = z.record(z.string(), z.record(z.string(), z.string()));

export function madeAppsIn(folder: string, baseUrl: string): MadeApps {
  const file = path.join(folder, 'setup-kintone.json');
  const all = () => {
    try {
      return shape.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw new Error(`${file} cannot be read. It names the apps that "setup kintone" made; correct or remove it.`, {
        cause: error,
      });
    }
  };
  return {
    read: () => all()[baseUrl] ?? {},
    remember(object, app) {
      mkdirSync(folder, { recursive: true });
      const known = all();
      const made = { ...known, [baseUrl]: { ...known[baseUrl], [object]: app } };
      writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
    },
  };
}
