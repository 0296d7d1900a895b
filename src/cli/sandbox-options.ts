import { InvalidArgumentError } from 'commander';

/** What the commands that run one sandbox alone have in common: how their options are read, and until when they run. */

export function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('It must be a port, 0 to 65535.');
  return port;
}

export function readCount(most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!Number.isInteger(count) || count < 0 || count > most) {
      throw new InvalidArgumentError(`It must be a whole number up to ${most}.`);
    }
    return count;
  };
}

/** With the words of `parse` about what is wrong. */
export function readFaults<Fault>(parse: (text: string) => readonly Fault[]): (text: string) => readonly Fault[] {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

/** Resolves when a signal tells the process to end, and says so. */
export async function interruption(): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  process.stderr.write(`${signal}: stopping\n`);
}
