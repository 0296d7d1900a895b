import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkMappingText } from '../mappings/check-mapping-file.ts';
import type { Locale } from '../mappings/locale.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import { readOutcomes } from './mapping-files.ts';

/** The mapping of a connector as its file says, whether or not the connector is set up. @throws when the file has problems */
export async function mappingInForce(
  connector: string,
  { directory, locale }: { readonly directory: string; readonly locale: Locale },
): Promise<Mapping> {
  const text = await readFile(path.join(directory, `${connector}.yaml`), 'utf8');
  const against = { descriptions: new Map(), outcomes: await readOutcomes(directory), locale };
  const { mapping, problems } = checkMappingText(text, against);
  if (mapping !== null && problems.length === 0) return mapping;
  throw new Error(
    `${directory}/${connector}.yaml has ${problems.length} problem(s): see "toritsugi mappings check", then run this again.`,
  );
}
