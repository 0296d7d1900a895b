import type { Settings } from '../config/read-settings.ts';
import { type ConfiguredConnector, openConnectors, openMappings, styleOf } from '../hub/open-parts.ts';
import { askDescriptions } from '../mappings/ask-descriptions.ts';
import { checkMapping, objectsOf } from '../mappings/check-mapping.ts';
import type { MappingStore } from '../mappings/mapping-store.ts';
import { asTheyAre, type Finding, failure, fine, words } from '../telephony/check-finding.ts';
import { silent, wordsOf } from './doctor-silence.ts';

const answerMs = 30_000;

/** Mapping files and CRMs, and whether the one fits the other. */
export async function* examineConnectors(settings: Settings): AsyncGenerator<Finding> {
  const mappings = await openMappings(settings, silent).catch((error: unknown) => wordsOf(error));
  if (typeof mappings === 'string') {
    const remedy = words(
      'Set MAPPINGS_DIR to the folder of the mapping files.',
      'MAPPINGS_DIR にマッピングファイルのフォルダーを指定してください。',
    );
    yield failure(words('mappings', 'マッピング'), asTheyAre(mappings), remedy);
    return;
  }
  for (const { file, problems } of mappings.problems()) {
    yield wrongFile(file, problems.length, settings.hub.MAPPINGS_DIR);
  }
  for (const connector of openConnectors(settings, silent)) {
    yield* examineConnector(connector, mappings, settings);
    await connector.connector.close();
  }
}

function wrongFile(file: string, problems: number, folder: string): Finding {
  return failure(
    words(`mapping ${file}`, `マッピング ${file}`),
    words(`${problems} problem(s)`, `問題が ${problems} 件あります`),
    words(
      `Run "toritsugi mappings check" and correct ${folder}/${file}.`,
      `"toritsugi mappings check" を実行し、${folder}/${file} を直してください。`,
    ),
  );
}

async function* examineConnector(
  { name, label, connector }: ConfiguredConnector,
  mappings: MappingStore,
  settings: Settings,
): AsyncGenerator<Finding> {
  const signal = AbortSignal.timeout(answerMs);
  const report = await connector.check(signal);
  for (const { name: checked, ok, detail, remedy } of report.checks) {
    const told = asTheyAre(`${label}: ${checked}`);
    yield ok
      ? fine(told, asTheyAre(detail))
      : failure(told, asTheyAre(detail), typeof remedy === 'object' && remedy !== null ? remedy : asTheyAre(remedy ?? ''));
  }
  const title = words(`${label}: mapping`, `${label}: マッピング`);
  const mapping = mappings.current(name)?.mapping;
  if (mapping === undefined) {
    const { MAPPINGS_DIR } = settings.hub;
    const remedy = words(
      `Put ${name}.yaml into ${MAPPINGS_DIR}, or correct it: "toritsugi mappings check".`,
      `${MAPPINGS_DIR} に ${name}.yaml を置くか、"toritsugi mappings check" で直してください。`,
    );
    yield failure(title, words('none is in force', '有効なものがありません'), remedy);
    return;
  }
  if (!report.ok) return;
  const against = { outcomes: mappings.outcomes(), locale: styleOf(settings).locale };
  try {
    const descriptions = await askDescriptions(connector, objectsOf(mapping), signal);
    const problems = checkMapping(mapping, { ...against, descriptions });
    for (const { path, message, remedy } of problems) {
      yield failure({ en: `${title.en} ${path}`, ja: `${title.ja} ${path}` }, message, remedy);
    }
    if (problems.length === 0) yield fine(title, words('fits the CRM', 'CRM に適合しています'));
  } catch (error) {
    const remedy = words('Run doctor again when the CRM answers.', 'CRM が応答するときにもう一度 doctor を実行してください。');
    yield failure(title, asTheyAre(wordsOf(error)), remedy);
  }
}
