/**
 * The thread in which the package ari-client has one connection. It throws out of callbacks (an event it does not know, an answer
 * that is no JSON), which here ends the thread and costs the connection, not the hub.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { connect, type PackageAnswer, type PackageClient, type PackageOperation } from 'ari-client';
import type { WebSocket } from 'ws';
import type { FromWorker, PackagedRequest, PackagedSettings, ToWorker } from './packaged-ari-messages.ts';

const port = parentPort;
if (port === null) throw new Error('This file is the program of a thread.');
const { url, username, password, app, subscribeAll, maxMessageBytes } = workerData as PackagedSettings;
const tell = (message: FromWorker) => port.postMessage(message);

const client = await connect(url, username, password);
// Its own handlers would throw at what they do not know, and reconnect for 43 seconds and then never again.
client.start(encodeURIComponent(app), subscribeAll).catch(() => undefined);
const socket = client._ws;
for (const event of ['message', 'error', 'close', 'pong', 'open']) socket.removeAllListeners(event);
listen(socket);
port.on('message', (message: ToWorker) => {
  if (message === 'ping') socket.ping();
  else if (message === 'close') socket.close();
  else ask(client, message);
});

function listen(opened: WebSocket): void {
  opened.on('open', () => tell({ kind: 'open' }));
  opened.on('message', (data, isBinary) => {
    if (isBinary) return;
    const text = String(data);
    // The package gives its socket no limit; the thread's memory has one.
    if (Buffer.byteLength(text) > maxMessageBytes) tell({ kind: 'tooLarge' });
    else tell({ kind: 'text', text });
  });
  opened.on('pong', () => tell({ kind: 'pong' }));
  opened.on('error', (error) => tell({ kind: 'broken', reason: error.message }));
  opened.on('close', () => {
    tell({ kind: 'closed' });
    port?.close();
  });
}

/** The package asks by the names of operations and parameters that the PBX has described; its own answers have lost the status. */
function ask({ _swagger: { apis } }: PackageClient, { id, method, path, query, body }: PackagedRequest): void {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  for (const { operations = {} } of Object.values(apis)) {
    for (const operation of Object.values(operations)) {
      const pathArguments = operation.method === method.toLowerCase() ? argumentsIn(operation.path, parts) : null;
      if (pathArguments === null) continue;
      const lacking = Object.keys(query).find((name) => !hasParameter(operation, name));
      if (lacking !== undefined) {
        tell({ kind: 'unsendable', id, reason: `the PBX describes no parameter ${lacking} for it` });
        return;
      }
      const answer = ({ status, data }: PackageAnswer) => tell({ kind: 'answer', id, status, text: String(data ?? '') });
      operation.do({ ...pathArguments, ...query, ...(body !== null && { body }) }, {}, answer, answer);
      return;
    }
  }
  tell({ kind: 'unsendable', id, reason: 'the PBX does not describe it' });
}

/** `/channels/{channelId}` and `['channels', '7']` → `{ channelId: '7' }`; null where they do not fit. */
function argumentsIn(template: string, parts: readonly string[]): Record<string, string> | null {
  const names = template.split('/').slice(1);
  if (names.length !== parts.length) return null;
  const found: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    const variable = /^\{(\w+)\}$/.exec(name)?.[1];
    if (variable !== undefined) found[variable] = part;
    else if (name !== part) return null;
  }
  return found;
}

function hasParameter(operation: PackageOperation, name: string): boolean {
  return operation.parameters.some((parameter) => parameter.paramType === 'query' && parameter.name === name);
}
