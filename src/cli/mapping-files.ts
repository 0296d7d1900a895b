import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connector, InBothLanguages } from '../../connectors/connector.ts';
import type { CallerMatch, MatchedRecord } from '../callers/caller-match.ts';
import type { CallRecord } from '../calls/call.ts';
import { askDescriptions } from '../mappings/ask-descriptions.ts';
import { objectsOf } from '../mappings/check-mapping.ts';
import type { Descriptions } from '../mappings/descriptions.ts';
import type { AgentFacts } from '../mappings/facts-of-call.ts';
import type { Locale } from '../mappings/locale.ts';
import type { MappingProblem } from '../mappings/mapping-problem.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import { type Outcome, parseOutcomes } from '../mappings/outcomes.ts';
import type { WritingStyle } from '../mappings/writing-style.ts';

/** A call from the ledger, as a mapping sees it for one connector. */
export interface LedgerCall {
  readonly record: CallRecord;
  readonly match: MatchedRecord | null;
  readonly matchKind: CallerMatch['kind'] | null;
}

export interface MappingsCommandDeps {
  /** Folder of the mapping files. */
  readonly directory: string;
  readonly style: WritingStyle;
  readonly agents: readonly AgentFacts[];
  /** The connector by name, or null when it is not configured. It is closed after use. */
  readonly openConnector: (name: string) => Promise<Pick<Connector, 'describe' | 'close'> | null>;
  /** Null when the ledger has no such call. */
  readonly findCall: (callId: string, connector: string) => Promise<LedgerCall | null>;
  /** Writes one line of output. */
  readonly print: (line: string) => void;
  readonly setExitCode: (code: number) => void;
}

const askTimeoutMs = 30_000;
export const outcomesName = 'outcomes.yaml';

/** The configured outcomes beside the mappings; none when there is no such file or it cannot be read. */
export async function readOutcomes(directory: string): Promise<readonly Outcome[]> {
  try {
    return parseOutcomes(await readFile(path.join(directory, outcomesName), 'utf8')).outcomes ?? [];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export interface AskedCrm {
  readonly descriptions: Descriptions;
  /** Why the fields were not checked; null when they were, or were not meant to be. */
  readonly unchecked: InBothLanguages | null;
  /** True when the CRM should have answered: a CRM that is not configured is no failure. */
  readonly isFailure: boolean;
}

/** What the CRM says of a mapping's objects. The connector is closed again. */
export async function askCrm(mapping: Mapping | null, isOffline: boolean, deps: MappingsCommandDeps): Promise<AskedCrm> {
  const none: Descriptions = new Map();
  if (isOffline || mapping === null) return { descriptions: none, unchecked: null, isFailure: false };
  const connector = await deps.openConnector(mapping.connector);
  if (connector === null) {
    return {
      descriptions: none,
      unchecked: {
        en: `its fields were not checked, because ${mapping.connector} is not set up in .env`,
        ja: `${mapping.connector} が .env に設定されていないため、項目は確認していません`,
      },
      isFailure: false,
    };
  }
  try {
    const descriptions = await askDescriptions(connector, objectsOf(mapping), AbortSignal.timeout(askTimeoutMs));
    return { descriptions, unchecked: null, isFailure: false };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const unchecked = {
      en: `${mapping.connector} could not be asked: ${reason}`,
      ja: `${mapping.connector} に問い合わせできませんでした (${reason})`,
    };
    return { descriptions: none, unchecked, isFailure: true };
  } finally {
    await connector.close();
  }
}

/** Each problem as a person reads it in a terminal. */
export function problemLines(file: string, problems: readonly MappingProblem[], language: Locale): string[] {
  return problems.map(({ path: place, line, column, message, remedy }) => {
    const at = line === null ? file : `${file}:${line}:${column ?? 1}`;
    return `${at}  ${place === '' ? '(the file)' : place}\n    ${message[language]}\n    → ${remedy[language]}`;
  });
}

/** A problem as JSON. */
export function publicProblem({ code, path: place, line, column, message, remedy }: MappingProblem) {
  return { code, path: place, line, column, message, remedy };
}
