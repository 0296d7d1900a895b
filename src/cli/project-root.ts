import path from 'node:path';

/** The folder of `package.json`, `mappings/` and `dist/`. */
export const projectRoot = path.resolve(import.meta.dirname, '../..');

/** A command of one of our dependencies, to be run by this same Node. */
export function dependencyCommand(file: string): string {
  return path.join(projectRoot, 'node_modules', file);
}
