import { type Finding, fine, someOf, unchecked, warning, words } from './check-finding.ts';
import type { Reply } from './check-questions.ts';

const contextsName = words('contexts of the hub', 'ハブ用コンテキスト');
const parkingName = words('parking', '保留 (パーク)');

/** A context that ours needs in the dialplan, and the file of infra/asterisk that brings it. */
export interface NeededContext {
  readonly context: string;
  readonly file: string;
}

export function checkContexts(shown: ReadonlyMap<string, Reply>, needed: readonly NeededContext[]): Finding[] {
  if (needed.length === 0) return [];
  const refused = needed.some(({ context }) => shown.get(context)?.kind === 'refused');
  if (refused) {
    const detail = words('may not be looked at: the right "reporting" is missing', '"reporting" の権限がなく、確認できません');
    return [unchecked(contextsName, detail)];
  }
  // A PBX without the action says so in other words than "Did not find context".
  const missing = needed.filter(({ context }) => {
    const reply = shown.get(context);
    return reply?.kind === 'declined' && /not find/i.test(reply.text);
  });
  const present = needed.filter(({ context }) => shown.get(context)?.kind === 'told').map(({ context }) => context);
  if (present.length + missing.length < needed.length) {
    return [unchecked(contextsName, words('the PBX does not show its dialplan', 'ダイヤルプランを取得できません'))];
  }
  const found = present.length === 0 ? [] : [fine(contextsName, words(someOf(present), someOf(present)))];
  return missing.length === 0 ? found : [...found, missingContexts(missing)];
}

function missingContexts(missing: readonly NeededContext[]): Finding {
  const names = someOf(missing.map(({ context }) => context));
  const files = [...new Set(missing.map(({ file }) => file))].join(', ');
  return warning(
    contextsName,
    words(`not in the dialplan: ${names}`, `ダイヤルプランにありません: ${names}`),
    words(
      `Copy ${files} of infra/asterisk to the PBX, include it from extensions.conf, then "dialplan reload".`,
      `infra/asterisk の ${files} を PBX に置き、extensions.conf から読み込んで "dialplan reload" を実行してください。`,
    ),
  );
}

export function checkParking(reply: Reply): Finding {
  if (reply.kind !== 'told') {
    return unchecked(parkingName, words('the PBX does not tell its parking lots', 'パーク領域の一覧を取得できません'));
  }
  const lots = reply.response.events.flatMap((message) => {
    const name = message.get('Name');
    return name === undefined ? [] : [`${name} (${message.get('StartSpace') ?? '?'}-${message.get('StopSpace') ?? '?'})`];
  });
  if (lots.length > 0) return fine(parkingName, words(someOf(lots), someOf(lots)));
  return warning(
    parkingName,
    words('there is no parking lot', 'パーク領域がありません'),
    words(
      'Set up res_parking.conf (see infra/asterisk/res_parking.conf).',
      'res_parking.conf を設定してください(infra/asterisk/res_parking.conf 参照)。',
    ),
  );
}
