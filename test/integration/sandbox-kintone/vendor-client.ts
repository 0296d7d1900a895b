import { KintoneRestAPIClient } from '@kintone/rest-api-client';
import type { SandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';

/** The vendor's client, signed in by password: it may do what API tokens may not. */
export function clientOf(sandbox: SandboxKintone): KintoneRestAPIClient {
  const { username, password } = sandbox;
  return new KintoneRestAPIClient({ baseUrl: sandbox.url, auth: { username, password } });
}

export function tokenClientOf(sandbox: SandboxKintone, ...tokens: readonly string[]): KintoneRestAPIClient {
  const apiToken = tokens.length === 0 ? [...sandbox.apiTokens] : [...tokens];
  return new KintoneRestAPIClient({ baseUrl: sandbox.url, auth: { apiToken } });
}

/** What a call is refused with, as the vendor's client tells it. */
export async function refusalOf(call: Promise<unknown>): Promise<{ readonly status: number; readonly code: string }> {
  try {
    await call;
  } catch (error) {
    const { status, code } = error as { status: number; code: string };
    return { status, code };
  }
  throw new Error('the call was not refused');
}
