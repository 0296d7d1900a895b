/** A service that answers as a test tells it to, and a connector open on it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Connector, ConnectorWorld } from '../../../connectors/connector.ts';
import { httpConnector } from '../../../connectors/http/http-connector.ts';

export interface HeardRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface ScriptedService {
  readonly origin: string;
  readonly heard: readonly HeardRequest[];
  /** Opens a connector for a description; `service` is its part of that name, without a name. */
  open(service: object, settings?: Readonly<Record<string, string>>, world?: Partial<ConnectorWorld>): Connector;
  close(): Promise<void>;
}

export type Script = (request: HeardRequest, response: ServerResponse) => ScriptedAnswer | null;

/** `script` answers null when it answers by itself, or never. */
export async function startScriptedService(script: Script): Promise<ScriptedService> {
  const heard: HeardRequest[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-http-'));
  const connectors: Connector[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      heard.push(one);
      const answer = script(one, response);
      if (answer === null) return;
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    heard,
    open: (service, settings = {}, world = {}) => {
      const file = path.join(folder, `${connectors.length}.yaml`);
      writeFileSync(file, stringify({ connector: 'http', service: { name: 'CRM', signIn: { none: true }, ...service } }));
      const whole = { HTTP_SERVICE_FILE: file, HTTP_BASE_URL: origin, HTTP_ALLOW_PRIVATE: 'on', ...settings };
      expect(httpConnector.problems(whole)).toEqual([]);
      const connector = httpConnector.open(whole, { now: Date.now, log: () => undefined, ...world });
      connectors.push(connector);
      return connector;
    },
    close: async () => {
      for (const connector of connectors) await connector.close();
      rmSync(folder, { recursive: true, force: true });
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
