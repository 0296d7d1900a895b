/** The one part of an upload that counts: `file`, with its name and type. */
import type { SentFile } from './file-store.ts';

const DEFAULT_TYPE = 'application/octet-stream';

/** Null where the body is no form or holds no such part. */
export async function readUpload(body: Buffer, contentType: string): Promise<SentFile | null> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } }).formData();
    const part = form.get('file');
    if (part === null || typeof part === 'string') return null;
    return { name: part.name, contentType: part.type || DEFAULT_TYPE, bytes: Buffer.from(await part.arrayBuffer()) };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

export function isSentFile(value: unknown): value is SentFile {
  return typeof value === 'object' && value !== null && 'bytes' in value && Buffer.isBuffer(value.bytes);
}
