/** What a person is told when a command fails: our own errors speak for themselves, a bug shows where it happened. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isBug = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return isBug ? (error.stack ?? error.message) : (wordsOfSystem(error) ?? error.message);
}

/** The operating system's refusals in plain words; null for everything else. */
function wordsOfSystem(error: NodeJS.ErrnoException & { readonly port?: number; readonly address?: string }): string | null {
  const what = error.path ?? '';
  switch (error.code) {
    case 'ENOENT':
      return what === '' ? null : `${what}: there is no such file. Check the name; it is read from the folder you are in.`;
    case 'EISDIR':
      return 'a file is needed, and this is a folder. Name the file in it.';
    case 'EACCES':
      if (error.syscall === 'listen') return `port ${error.port} may not be used by this user. Choose one above 1023.`;
      return what === '' ? null : `${what}: this user may not read or write it. Check its owner and its rights.`;
    case 'EADDRINUSE':
      return `port ${error.port} on ${error.address} is in use already. End what listens there, or choose another port.`;
    case 'EADDRNOTAVAIL':
      return `this machine has no address ${error.address}. Listen on one of its own, or on 0.0.0.0 for all of them.`;
    default:
      return null;
  }
}
