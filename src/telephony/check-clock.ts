import { type Finding, failure, fine, unchecked, warning, words } from './check-finding.ts';
import type { Heard, Reply } from './check-questions.ts';

const clockName = words('clock', '時計');
const stampName = words('time of the events', 'イベントの時刻');

/** More than this puts calls into the wrong order beside what the CRM and other machines wrote. */
const mostDifferenceMs = 2_000;

export function checkClock(ping: Reply, { echo }: Pick<Heard, 'echo'>): Finding[] {
  return [...clockOf(ping), ...stampsOf(echo)];
}

function clockOf(ping: Reply): Finding[] {
  if (ping.kind !== 'told')
    return [unchecked(clockName, words('the PBX did not tell its time', 'PBX の時刻を取得できませんでした'))];
  const pbxAt = Number(ping.response.message.get('Timestamp')) * 1_000;
  if (!Number.isFinite(pbxAt) || pbxAt === 0) {
    return [unchecked(clockName, words('the PBX did not tell its time', 'PBX の時刻を取得できませんでした'))];
  }
  const between = (ping.askedAt + ping.toldAt) / 2;
  const difference = Math.round(pbxAt - between);
  const seconds = (Math.abs(difference) / 1_000).toFixed(1);
  if (Math.abs(difference) <= mostDifferenceMs + (ping.toldAt - ping.askedAt) / 2) {
    return [fine(clockName, words(`${seconds} s apart from this machine's`, `このマシンとの差は ${seconds} 秒です`))];
  }
  const [side, ja] = difference > 0 ? ['ahead of', '進んで'] : ['behind', '遅れて'];
  return [
    warning(
      clockName,
      words(`the PBX is ${seconds} s ${side} this machine`, `PBX の時計がこのマシンより ${seconds} 秒${ja}います`),
      words(
        'Let both follow a time server: chrony or systemd-timesyncd.',
        '両方のマシンで NTP (chrony など) を有効にしてください。',
      ),
    ),
  ];
}

function stampsOf(echo: Heard['echo']): Finding[] {
  if (echo === null) return [];
  if (echo.get('Timestamp') !== undefined) {
    return [fine(stampName, words('events carry the PBX’s own time', 'イベントに PBX の時刻が付いています'))];
  }
  return [
    warning(
      stampName,
      words('events carry no time; that of their arrival counts', 'イベントに時刻がないため、到着時刻で記録されます'),
      words(
        'Set "timestampevents = yes" in [general] of manager.conf, then "manager reload".',
        'manager.conf の [general] に timestampevents = yes を設定し、"manager reload" を実行してください。',
      ),
    ),
  ];
}

const echoName = words('events', 'イベント');

/** Whether what the PBX sends reaches us at all: our own event, there and back. */
export function checkEcho(wasSent: boolean, { echo }: Pick<Heard, 'echo'>): Finding {
  if (echo !== null) return fine(echoName, words('an event sent by us came back', '送信したイベントが戻りました'));
  if (!wasSent) {
    return unchecked(echoName, words('none could be sent: the right "user" is missing', '"user" の権限がなく、確認できません'));
  }
  return failure(
    echoName,
    words('an event sent by us did not come back', '送信したイベントが戻りません'),
    words(
      'Add "user" to "read =" in manager.conf; look for eventfilter lines of this user and for disabledevents.',
      'manager.conf の read= に user を加え、eventfilter と disabledevents の設定を確認してください。',
    ),
  );
}
