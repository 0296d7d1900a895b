/** Writes what is made from the code into `mappings/`: the JSON schema, and the table of facts in the README. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { factsTable } from '../../src/mappings/facts-table.ts';
import { mappingJsonSchema } from '../../src/mappings/mapping-schema.ts';

const directory = path.resolve(import.meta.dirname, '../../mappings');
const readme = path.join(directory, 'README.md');

writeFileSync(path.join(directory, 'mapping.schema.json'), `${JSON.stringify(mappingJsonSchema(), null, 2)}\n`);
const table = /<!-- facts -->[\s\S]*?<!-- \/facts -->/u;
writeFileSync(
  readme,
  readFileSync(readme, 'utf8').replace(table, () => `<!-- facts -->\n${factsTable()}\n<!-- /facts -->`),
);
