import { InvalidArgumentError } from 'commander';

/** How the options of the commands that run one sandbox alone are read. */

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
