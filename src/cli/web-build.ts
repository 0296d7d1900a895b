import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dependencyCommand, projectRoot } from './project-root.ts';

const webFolder = path.join(projectRoot, 'dist/web');
const markFile = path.join(projectRoot, 'dist/web.built-from');

/** Builds the browser app when its sources changed since the last build. @throws Error with the builder's own words */
export function buildWebWhenStale(say: (line: string) => void): string {
  const wanted = fingerprint();
  if (existsSync(path.join(webFolder, 'index.html')) && existsSync(markFile) && readFileSync(markFile, 'utf8') === wanted)
    return webFolder;
  say('building the browser app');
  const built = spawnSync(process.execPath, [dependencyCommand('vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the browser app could not be built:\n${built.stdout}${built.stderr}`);
  writeFileSync(markFile, wanted);
  return webFolder;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  // The page shares the desk's pure decisions.
  const sources = ['src/web', 'src/desk']
    .flatMap((folder) => readdirSync(path.join(projectRoot, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  for (const file of [...sources, path.join(projectRoot, 'vite.config.ts'), path.join(projectRoot, 'package-lock.json')]) {
    hash.update(file.slice(projectRoot.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}
