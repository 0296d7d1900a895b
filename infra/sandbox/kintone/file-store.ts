/**
 * Files on their way into records: an upload waits for the one record that takes it, for three days at most, and gets
 * another key there. Only attached files are handed out.
 */

import type { Undo } from './app-records.ts';
import type { FileValue } from './field-values.ts';

export interface SentFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface AttachedFile extends SentFile {
  readonly app: string;
}

export interface FileStore {
  /** The key to attach it by; null when the sandbox holds as much as it may. */
  upload(file: SentFile): string | null;
  /** What the record holds from now on; null for a key that is unknown, used or too old. */
  attach(key: string, app: string, undo: Undo): FileValue | null;
  read(key: string): AttachedFile | null;
}

export interface FileStoreWorld {
  readonly now: () => number;
  readonly newId: () => string;
}

const LIFETIME_MS = 3 * 86_400_000;
const MOST_BYTES = 256 * 1024 * 1024;

interface Upload extends SentFile {
  readonly at: number;
}

export function openFileStore(world: FileStoreWorld): FileStore {
  const uploads = new Map<string, Upload>();
  const attached = new Map<string, AttachedFile>();
  let held = 0;

  const dropOld = (): void => {
    for (const [key, upload] of uploads) {
      if (world.now() - upload.at <= LIFETIME_MS) continue;
      uploads.delete(key);
      held -= upload.bytes.length;
    }
  };
  return {
    upload: (file) => {
      dropOld();
      if (held + file.bytes.length > MOST_BYTES) return null;
      held += file.bytes.length;
      const key = world.newId();
      uploads.set(key, { ...file, at: world.now() });
      return key;
    },
    attach: (key, app, undo) => {
      dropOld();
      const upload = uploads.get(key);
      if (upload === undefined) return null;
      const { name, contentType, bytes } = upload;
      const fileKey = world.newId();
      uploads.delete(key);
      attached.set(fileKey, { name, contentType, bytes, app });
      undo.push(() => {
        attached.delete(fileKey);
        uploads.set(key, upload);
      });
      return { fileKey, name, contentType, size: String(bytes.length) };
    },
    read: (key) => attached.get(key) ?? null,
  };
}
