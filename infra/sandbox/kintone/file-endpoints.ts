/** file.json, up and down. */

import { failures } from './failures.ts';
import { isSentFile } from './multipart.ts';
import { requiredText } from './request-arguments.ts';
import type { Endpoint } from './sandbox-state.ts';

/** An answer that is no JSON. */
export class FileAnswer {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;

  constructor(name: string, contentType: string, bytes: Buffer) {
    this.name = name;
    this.contentType = contentType;
    this.bytes = bytes;
  }
}

export const postFile: Endpoint = ({ args, state }) => {
  if (!isSentFile(args.file)) throw failures.malformed();
  const fileKey = state.files.upload(args.file);
  if (fileKey === null) throw failures.malformed();
  return { fileKey };
};

/** The key of an upload opens nothing: only that of a file in a record. */
export const getFile: Endpoint = ({ args, state, caller }) => {
  const key = requiredText(args, 'fileKey');
  const file = state.files.read(key);
  if (file === null) throw failures.noSuchFile(key);
  caller.demand(file.app, ['view']);
  return new FileAnswer(file.name, file.contentType, file.bytes);
};
