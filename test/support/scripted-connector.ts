import type { ChangePage, Connector } from '../../connectors/connector.ts';

/** A connector whose answers come when the test says so. */
export interface ScriptedConnector {
  readonly connector: Connector;
  /** Calls of the port, by its methods' names; a reading counts its pages. */
  readonly asked: readonly string[];
  underWay(): number;
  answerAll(): void;
}

const PAGE: ChangePage = { records: [], deleted: [], cursor: 'x', total: null };

/** `pages`: of a reading. `answersAtOnce` false: until `answerAll`, everything is under way. */
export function scriptedConnector({ pages = 3, answersAtOnce = false } = {}): ScriptedConnector {
  const asked: string[] = [];
  let waiting: (() => void)[] = [];
  let isOpen = answersAtOnce;
  const answer = async <Answer>(name: string, value: Answer): Promise<Answer> => {
    asked.push(name);
    if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
    return value;
  };
  const connector: Connector = {
    check: () => answer('check', { ok: true, checks: [], quota: null }),
    describe: (object) => answer('describe', { object, label: object, fields: [] }),
    findByPhone: () => answer('findByPhone', []),
    async *readChanges() {
      for (let page = 0; page < pages; page += 1) yield await answer('readChanges', PAGE);
    },
    write: (batch) =>
      answer(
        'write',
        batch.map((_, index) => ({ ok: true, id: String(index), created: true }) as const),
      ),
    recordUrl: ({ id }) => `https://crm.example/${id}`,
    close: () => answer('close', undefined),
  };
  return {
    connector,
    asked,
    underWay: () => waiting.length,
    answerAll() {
      isOpen = true;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
  };
}
