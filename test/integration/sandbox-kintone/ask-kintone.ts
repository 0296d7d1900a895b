import type { SandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON body, or the text where it is none. */
  readonly body: unknown;
}

export interface Ask {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** One request on the wire, as any client of the real service would send it. */
export async function askKintone(sandbox: SandboxKintone, method: string, path: string, ask: Ask = {}): Promise<Reply> {
  const token = ask.token === undefined ? sandbox.apiTokens.join(',') : ask.token;
  const response = await fetch(`${sandbox.url}/k/v1/${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { 'X-Cybozu-API-Token': token }),
      ...(ask.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...ask.headers,
    },
    ...(ask.body === undefined ? {} : { body: typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
