import { inspect } from 'node:util';
import type {
  CallerRecord,
  ChangePage,
  Connector,
  FieldValue,
  PhoneQuery,
  RecordWrite,
  WriteResult,
} from '../../connectors/connector.ts';
import { ConnectorError } from '../../connectors/connector.ts';
import type { ConnectorHarness, ConnectorSandbox } from './connector-harness.ts';

/** What the cases of the connector contract work with: the sandbox of the running test, and the few things done again and again. */

export const NUMBER = '+81312345678';
export const SPELLINGS = [
  '0312345678',
  '03-1234-5678',
  '(03) 1234-5678',
  '03(1234)5678',
  '03 1234 5678',
  '+81312345678',
  '+81 3-1234-5678',
  '+81 3 1234 5678',
  '（03）1234-5678',
  '０３－１２３４－５６７８',
];

/** The signal of a caller who waits. */
export const never = new AbortController().signal;

export interface ConnectorBench {
  /** Fresh in every test. */
  readonly sandbox: ConnectorSandbox;
  readonly connector: Connector;
  readonly leftOut: ConnectorHarness['leftOut'];
  query(over?: Partial<PhoneQuery>): PhoneQuery;
  find(over?: Partial<PhoneQuery>): Promise<readonly CallerRecord[]>;
  logOf(key: string, over?: Partial<RecordWrite>): RecordWrite;
  /** One record written alone; a failure of the whole batch counts as the record's. */
  writeOne(write: RecordWrite): Promise<WriteResult>;
  errorOf(result: WriteResult): ConnectorError;
  /** The call log with this key; there must be exactly one. */
  onlyLog(key: string): Promise<Readonly<Record<string, FieldValue>>>;
  /** The error with which work must fail: one of ours, and decent. */
  failureOf(work: Promise<unknown>): Promise<ConnectorError>;
  pages(since: string | null): Promise<readonly ChangePage[]>;
  lastCursor(pages: readonly ChangePage[]): string;
}

/** Says something, and nothing it must not say; the number of these tests stands for every number. */
export function expectDecent(error: ConnectorError, sandbox: ConnectorSandbox): void {
  expect(error.message.length).toBeGreaterThan(10);
  // With everything a logger would print: causes and their own fields.
  const logged = inspect(error, { depth: 8 });
  for (const secret of [...sandbox.secrets, ...SPELLINGS]) expect(logged).not.toContain(secret);
  expect(error.message.replace(/[^0-9]/g, '')).not.toContain('312345678');
}

/** `running` gives the sandbox of the test that runs just now. */
export function makeBench(running: () => ConnectorSandbox, leftOut: ConnectorHarness['leftOut']): ConnectorBench {
  const bench: ConnectorBench = {
    get sandbox() {
      return running();
    },
    get connector() {
      return running().connector;
    },
    leftOut,
    query: (over = {}) => ({ number: NUMBER, spellings: SPELLINGS, sources: [running().source], limit: 20, ...over }),
    find: (over = {}) => running().connector.findByPhone(bench.query(over), never),
    logOf: (key, over = {}) => {
      const { object, key: field, title, seconds, always } = running().callLog;
      return {
        object,
        key: { field, value: key },
        fields: { ...always, [title]: `Call ${key}`, [seconds]: 12 },
        owners: {},
        ...over,
      };
    },
    writeOne: (write) => writeOne(write, running()),
    errorOf: (result) => {
      if (result.ok) throw new Error('expected a refusal, but the record was written');
      return result.error;
    },
    onlyLog: async (key) => {
      const logs = await running().callLogs(key);
      expect(logs).toHaveLength(1);
      return logs[0] ?? {};
    },
    failureOf: (work) => failureOf(work, running()),
    pages: async (since) => {
      const all: ChangePage[] = [];
      for await (const page of running().connector.readChanges(running().source, since, never)) all.push(page);
      return all;
    },
    lastCursor: (pages) => {
      const last = pages.at(-1);
      if (last === undefined) throw new Error('there must be at least one page, to carry the cursor');
      return last.cursor;
    },
  };
  return bench;
}

async function writeOne(write: RecordWrite, sandbox: ConnectorSandbox): Promise<WriteResult> {
  const results = await sandbox.connector.write([write], never).catch((error: unknown): readonly WriteResult[] => {
    if (error instanceof ConnectorError) return [{ ok: false, error }];
    throw error;
  });
  expect(results).toHaveLength(1);
  const [result] = results;
  if (result === undefined) throw new Error('no result');
  if (!result.ok) expectDecent(result.error, sandbox);
  return result;
}

async function failureOf(work: Promise<unknown>, sandbox: ConnectorSandbox): Promise<ConnectorError> {
  const error = await work.then(
    () => new Error('expected a failure, but it went well'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectorError)) throw error;
  expectDecent(error, sandbox);
  return error;
}
