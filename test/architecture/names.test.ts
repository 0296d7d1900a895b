import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(path.join(root, file)));
const sources = files.filter((file) => /^(?:src|connectors|infra)\/.*\.tsx?$/u.test(file));

test('files and folders are named for the one thing they hold, never for a kind', () => {
  const kinds = /^(?:utils?|helpers?|common|shared|misc|types?|interfaces?|services?|managers?)$/iu;
  const wrong = sources.filter((file) => file.split('/').some((part) => kinds.test(part.replace(/\.tsx?$/u, ''))));
  expect(wrong).toEqual([]);
});

test('there are no barrels besides the list of connectors', () => {
  expect(sources.filter((file) => path.basename(file) === 'index.ts')).toEqual(['connectors/index.ts']);
});

test('only the entries read the environment: everything else is handed its settings', () => {
  const readers = sources.filter((file) => /process\.env\b/u.test(readFileSync(path.join(root, file), 'utf8')));
  expect(readers.filter((file) => !/^src\/(?:cli|config)\/|^src\/main\.ts$/u.test(file))).toEqual([]);
});

test('time and randomness come in as arguments below the entries', () => {
  const pure = sources.filter((file) => /^src\/(?:calls|callers|mappings|write-back|desk|telephony)\//u.test(file));
  const wild = pure.filter((file) =>
    /\bMath\.random\(|(?<![.\w])new Date\(\)/u.test(readFileSync(path.join(root, file), 'utf8')),
  );
  expect(wild).toEqual([]);
});
