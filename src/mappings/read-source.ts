import { readFile, stat } from 'node:fs/promises';
import { maxSourceBytes } from './yaml-source.ts';

/** The text of a mapping file; null when there is none. @throws the system's error when it cannot be read */
export async function readSource(file: string): Promise<string | null> {
  try {
    // A file beyond the limit is reported as such without being held: one byte more than allowed is enough for that.
    const { size } = await stat(file);
    return size > maxSourceBytes ? ' '.repeat(maxSourceBytes + 1) : await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
