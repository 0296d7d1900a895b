import { readFile } from 'node:fs/promises';
import type { InBothLanguages } from '../../connectors/connector.ts';
import { checkParsedMapping } from '../mappings/check-mapping-file.ts';
import { factsOf } from '../mappings/facts-of-call.ts';
import type { Locale } from '../mappings/locale.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import { parseMapping } from '../mappings/parse-mapping.ts';
import { matchOfRecord, readCallRecord } from '../mappings/recorded-call.ts';
import { type TriedPart, tryMapping } from '../mappings/try-mapping.ts';
import { askCrm, type LedgerCall, type MappingsCommandDeps, problemLines, publicProblem, readOutcomes } from './mapping-files.ts';

export interface TryOptions {
  readonly call?: string;
  readonly record?: string;
  readonly offline?: true;
  readonly json?: true;
  readonly language: Locale;
}

async function callToTry(mapping: Mapping, { call, record }: TryOptions, deps: MappingsCommandDeps): Promise<LedgerCall> {
  if ((call === undefined) === (record === undefined))
    throw new Error('say which call: either --call CALL_ID or --record FILE.json');
  if (call !== undefined) {
    const found = await deps.findCall(call, mapping.connector);
    if (found === null) throw new Error(`the ledger has no call ${call}`);
    return found;
  }
  const recorded = readCallRecord(await readFile(record ?? '', 'utf8'));
  return { record: recorded, match: matchOfRecord(mapping, recorded), matchKind: null };
}

function triedLines(connector: string, { part, write, warnings }: TriedPart): string[] {
  if (write === null) return [`${part}: nothing is written; its \`when\` does not hold for this call`];
  const key =
    write.key === null ? 'without a key: every write leaves a further record' : `${write.key.field} = ${write.key.value}`;
  const owner = (field: string) => (write.owners[field] === undefined ? '' : `   (${write.owners[field]})`);
  return [
    `${part}: one ${write.object} in ${connector}, ${key}`,
    ...Object.entries(write.fields).map(([field, value]) => `  ${field}: ${JSON.stringify(value)}${owner(field)}`),
    ...warnings.map(({ field, reason }) => `  ! ${field}: ${reason}`),
    'Nothing was written.',
  ];
}

/** `mappings try`: the exact write a call would cause; writes nothing. */
export async function tryMappingFile(file: string, options: TryOptions, deps: MappingsCommandDeps): Promise<void> {
  const parsed = parseMapping(await readFile(file, 'utf8'));
  const { descriptions, unchecked } = await askCrm(parsed.mapping, options.offline === true, deps);
  const outcomes = await readOutcomes(deps.directory);
  const { mapping, problems } = checkParsedMapping(parsed, { descriptions, outcomes, locale: deps.style.locale });
  const { mapping: readable } = parsed;
  if (readable === null || (mapping === null && descriptions.size === 0)) {
    for (const line of problemLines(file, problems, options.language)) deps.print(line);
    deps.setExitCode(1);
    return;
  }
  const call = await callToTry(readable, options, deps);
  const facts = factsOf({ connector: readable.connector, ...call, agents: deps.agents, outcomes, style: deps.style });
  const parts = tryMapping(readable, facts, descriptions);
  if (options.json) {
    deps.print(
      JSON.stringify(
        {
          connector: readable.connector,
          unchecked: unchecked?.[options.language] ?? null,
          problems: problems.map(publicProblem),
          parts,
        },
        null,
        2,
      ),
    );
    return;
  }
  if (unchecked !== null) deps.print(lengthsUnknown(unchecked)[options.language]);
  for (const line of parts.flatMap((part) => triedLines(readable.connector, part))) deps.print(line);
  if (problems.length > 0) deps.print(`The file has ${problems.length} problem(s); see \`mappings check ${file}\`.`);
}

function lengthsUnknown({ en, ja }: InBothLanguages): InBothLanguages {
  return { en: `Lengths and rights are not known: ${en}`, ja: `項目の長さと権限は不明です: ${ja}` };
}
