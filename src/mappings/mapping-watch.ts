import { watch } from 'node:fs';

export interface MappingWatchSettings {
  readonly directory: string;
  /** Reads the files again; what has not changed costs one read of a small file. */
  readonly reload: () => Promise<void>;
  readonly log: (level: 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Quiet time after a change: editors write in several steps. Milliseconds. */
  readonly settleMs?: number;
  /** How often to look anyway, for file systems that tell of no change. Milliseconds. */
  readonly lookMs?: number;
  /** Tells of changes in the directory; returns how to stop. Throws where watching is not possible. */
  readonly watchDirectory?: (directory: string, changed: () => void) => () => void;
}

function watchWithNode(directory: string, changed: () => void): () => void {
  const watcher = watch(directory, { persistent: false }, changed);
  // A watcher that breaks is no loss: the regular look finds the change.
  watcher.on('error', () => watcher.close());
  return () => watcher.close();
}

/** Reloads mappings soon after a file of their directory changes. Returns how to stop. */
export function watchMappings(settings: MappingWatchSettings): () => void {
  const { directory, reload, log, settleMs = 200, lookMs = 15_000, watchDirectory = watchWithNode } = settings;
  let settling: NodeJS.Timeout | null = null;
  let unwatch: () => void = () => undefined;

  const look = () => {
    settling = null;
    reload().catch((error: unknown) => log('warn', 'mappings could not be read again', { error: String(error) }));
  };
  const changed = () => {
    if (settling !== null) clearTimeout(settling);
    settling = setTimeout(look, settleMs);
  };
  try {
    unwatch = watchDirectory(directory, changed);
  } catch (error) {
    log('warn', 'mapping directory cannot be watched; looking regularly instead', { error: String(error) });
  }
  const regular = setInterval(look, lookMs);
  regular.unref();
  return () => {
    unwatch();
    clearInterval(regular);
    if (settling !== null) clearTimeout(settling);
  };
}
