import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { WrongSettings, wrongSetting } from './setting.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's environment over the lines of an `.env` file; a missing file is an empty one. */
export function environmentWith(file: string, environment: Environment): Environment {
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')), ...environment };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return environment;
    throw new WrongSettings([
      wrongSetting(
        file,
        ['cannot be read', '読めません'],
        [
          'Check that the file belongs to the user who runs Toritsugi.',
          '取次を実行するユーザーがファイルの所有者か確認してください。',
        ],
      ),
    ]);
  }
}
