import { generateKeyPairSync } from 'node:crypto';
import {
  type SandboxSalesforce,
  type SandboxSalesforceOptions,
  startSandboxSalesforce,
} from '../../../infra/sandbox/salesforce/sandbox-salesforce.ts';

export const privateKeyPem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

export interface TestOrg extends SandboxSalesforce {
  /** A call of the REST API with a good token; `path` begins behind the version. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown; headers: Headers }>;
  /** The same for what is no JSON, such as the CSV of bulk jobs. */
  send(
    method: string,
    path: string,
    body?: string,
    contentType?: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string; headers: Headers }>;
  /** Rows of a query. */
  query(soql: string): Promise<readonly Record<string, unknown>[]>;
}

/** A sandbox org with the demo's customers and a hand to call it without any client library. */
export async function startOrg(options: SandboxSalesforceOptions = {}): Promise<TestOrg> {
  const sandbox = await startSandboxSalesforce({ privateKeyPem, ...options });
  const call: TestOrg['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${sandbox.url}/services/data/v67.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.accessToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
  const send: TestOrg['send'] = async (method, path, body, contentType = 'text/csv', more = {}) => {
    const response = await fetch(`${sandbox.url}/services/data/v67.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.accessToken}`,
        ...(body === undefined ? {} : { 'content-type': contentType }),
        ...more,
      },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return {
    ...sandbox,
    call,
    send,
    query: async (soql) => {
      const { body } = await call('GET', `/query?q=${encodeURIComponent(soql)}`);
      return (body as { records: readonly Record<string, unknown>[] }).records;
    },
  };
}
