import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Looked, SeenFile, SeenFolder } from '../telephony/check-files.ts';

const tailBytes = 16_384;
const mostLines = 20;
const mostNames = 5;
/** Folders of years, months and days: more than four deep nobody keeps recordings. */
const deepest = 4;

/** The newest files below a folder: its own, or those of the folder that sorts last, as folders of dates do. */
export function lookAtFolder(folder: string): Looked<SeenFolder> {
  return look(() => newestIn(folder, deepest));
}

function newestIn(folder: string, depth: number): SeenFolder {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
  if (files.length > 0) {
    const dated = files.map((name) => ({ name, at: statSync(path.join(folder, name)).mtimeMs })).sort((a, b) => b.at - a.at);
    return { newest: dated.slice(0, mostNames).map(({ name }) => name), newestAt: dated[0]?.at ?? null };
  }
  const folders = entries
    .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    .sort()
    .reverse();
  for (const name of depth > 0 ? folders : []) {
    const below = newestIn(path.join(folder, name), depth - 1);
    if (below.newestAt !== null) return below;
  }
  return { newest: [], newestAt: null };
}

/** The last whole lines of a file. */
export function lookAtFile(file: string): Looked<SeenFile> {
  return look(() => {
    const handle = openSync(file, 'r');
    try {
      const { size, mtimeMs } = fstatSync(handle);
      const length = Math.min(size, tailBytes);
      const tail = Buffer.alloc(length);
      const read = readSync(handle, tail, 0, length, size - length);
      const lines = tail
        .toString('utf8', 0, read)
        .split('\n')
        .slice(length < size ? 1 : 0);
      return { lastLines: lines.filter((line) => line !== '').slice(-mostLines), changedAt: mtimeMs };
    } finally {
      closeSync(handle);
    }
  });
}

function look<Value>(at: () => Value): Looked<Value> {
  try {
    return { seen: at(), refused: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { seen: null, refused: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable' };
  }
}
