import type { ChildProcess } from 'node:child_process';

/** The first message of a process; an error when it ends without one. */
export function firstAnswer(child: ChildProcess, who: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error(`${who} ended without an answer`)));
  });
}
