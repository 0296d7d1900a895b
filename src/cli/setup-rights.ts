/** What our users and tokens may not do in the CRMs though the mapping needs it. */
import { ConnectorError } from '../../connectors/connector.ts';
import { readConfig } from '../../connectors/kintone/kintone-settings.ts';
import { type AppRights, missingRights } from '../../connectors/kintone/setup-rights.ts';
import type { Settings } from '../config/read-settings.ts';
import { openConnectors, openMappings } from '../hub/open-parts.ts';
import { askDescriptions } from '../mappings/ask-descriptions.ts';
import { objectsOf } from '../mappings/check-mapping.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import type { Quotas } from '../quotas/quotas.ts';
import { judgeFields } from '../setup/salesforce-check.ts';
import { wantedRecords } from '../setup/wanted-records.ts';
import { asTheyAre, type Finding, failure, fine, unchecked, words } from '../telephony/check-finding.ts';
import { silent, wordsOf } from './doctor-silence.ts';
import { verdictFindings } from './setup-salesforce-texts.ts';

const answerMs = 30_000;

/** Says nothing of a CRM that cannot be asked or has no mapping: that is said elsewhere. */
export async function* examineRights(settings: Settings, quotas: Quotas): AsyncGenerator<Finding> {
  const mappings = await openMappings(settings, silent).catch(() => null);
  for (const { name, settings: own } of settings.connectors) {
    const mapping = mappings?.current(name)?.mapping;
    if (mapping === undefined) continue;
    try {
      if (name === 'kintone') yield* kintoneRights(own, mapping, quotas);
      if (name === 'salesforce') yield* salesforceRights(settings, mapping, quotas);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      yield unchecked(words(`${name}: rights`, `${name}: 権限`), asTheyAre(wordsOf(error)));
    }
  }
}

async function* kintoneRights(own: Readonly<Record<string, string>>, mapping: Mapping, quotas: Quotas): AsyncGenerator<Finding> {
  const written = wantedRecords(mapping).map(({ object }) => object);
  const needs = [
    ...written.map((object) => ({ object, needed: ['view', 'add', 'edit'] as const })),
    ...mapping.callers
      .filter(({ object }) => !written.includes(object))
      .map(({ object }) => ({ object, needed: ['view'] as const })),
  ];
  const { apps } = readConfig(own);
  const isNamed = ({ object }: { readonly object: string }) => apps.has(object) || /^[1-9]\d*$/.test(object);
  const signal = AbortSignal.timeout(answerMs);
  const named = needs.filter(isNamed);
  const world = { now: Date.now, log: silent, onRequest: quotas.onRequest('kintone') };
  const asked = { objects: named.map(({ object }) => object), signal };
  const found = await quotas.pass('kintone', asked, () => missingRights(own, named, world, signal));
  yield* found.map(appFinding);
  for (const { object } of needs.filter((need) => !isNamed(need)))
    yield unnamedFinding(object, object === mapping.followUp?.object);
}

/** After an upgrade the mapping names an app that nobody has made yet; the others' rights are looked at all the same. */
function unnamedFinding(object: string, isForFollowUps: boolean): Finding {
  return failure(
    words(`kintone: the app ${object}`, `kintone: アプリ ${object}`),
    isForFollowUps
      ? words(
          'it is not in KINTONE_APPS: follow-ups wait until it is, calls are logged all the same',
          'KINTONE_APPS にありません。次の対応は書き込みを待っています(通話は記録されます)',
        )
      : words('it is not in KINTONE_APPS', 'KINTONE_APPS にありません'),
    words(
      'Run "toritsugi setup kintone", set KINTONE_APPS and KINTONE_API_TOKENS as it says, and restart.',
      '"toritsugi setup kintone" を実行し、表示されたとおりに KINTONE_APPS と KINTONE_API_TOKENS を設定して再起動してください。',
    ),
  );
}

const ticks = {
  view: words('"View records"', '「レコード閲覧」'),
  add: words('"Add records"', '「レコード追加」'),
  edit: words('"Edit records"', '「レコード編集」'),
} as const;

function appFinding({ object, app, baseUrl, missing, problem }: AppRights): Finding {
  const name = words(`kintone: rights in ${object} (${app})`, `kintone: ${object} (${app}) の権限`);
  if (problem !== null) return unchecked(name, asTheyAre(problem));
  if (missing.length === 0) return fine(name, words('all that the mapping needs', 'マッピングに必要な権限があります'));
  const lacking = {
    en: missing.map((right) => ticks[right].en).join(', '),
    ja: missing.map((right) => ticks[right].ja).join(''),
  };
  return failure(
    name,
    words(`the API token lacks ${lacking.en}`, `API トークンに${lacking.ja}がありません`),
    words(
      `${baseUrl}/k/admin/app/apitoken?app=${app}: tick ${lacking.en}, Save, then Update app.`,
      `${baseUrl}/k/admin/app/apitoken?app=${app} で${lacking.ja}にチェックし、「保存」のあと「アプリを更新」してください。`,
    ),
  );
}

async function* salesforceRights(settings: Settings, mapping: Mapping, quotas: Quotas): AsyncGenerator<Finding> {
  const found = openConnectors(settings, silent, quotas).find(({ name }) => name === 'salesforce');
  if (found === undefined) return;
  try {
    const descriptions = await askDescriptions(found.connector, objectsOf(mapping), AbortSignal.timeout(answerMs));
    yield* verdictFindings(judgeFields(mapping, descriptions));
  } finally {
    await found.connector.close();
  }
}
