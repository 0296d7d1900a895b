import type { InBothLanguages } from '../../connectors/connector.ts';
import type { Language } from '../config/language-of.ts';
import { WrongSettings } from '../config/setting.ts';

/** What a person is told when a command fails: our own errors speak for themselves, a bug shows where it happened. */
export function describeFailure(error: unknown, language: Language): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof WrongSettings) return error.told[language];
  const isBug = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return isBug ? (error.stack ?? error.message) : (wordsOfSystem(error)?.[language] ?? error.message);
}

/** The operating system's refusals in plain words; null for everything else. */
function wordsOfSystem(
  error: NodeJS.ErrnoException & { readonly port?: number; readonly address?: string },
): InBothLanguages | null {
  const what = error.path ?? '';
  switch (error.code) {
    case 'ENOENT':
      if (what === '') return null;
      return {
        en: `${what}: there is no such file. Check the name; it is read from the folder you are in.`,
        ja: `${what}: ファイルがありません。名前を確認してください(現在のフォルダーから探します)。`,
      };
    case 'EISDIR':
      return {
        en: 'a file is needed, and this is a folder. Name the file in it.',
        ja: 'ファイルが必要ですが、フォルダーが指定されています。中のファイルを指定してください。',
      };
    case 'EACCES':
      if (error.syscall === 'listen') {
        return {
          en: `port ${error.port} may not be used by this user. Choose one above 1023.`,
          ja: `ポート ${error.port} はこのユーザーでは使えません。1024 以上を指定してください。`,
        };
      }
      if (what === '') return null;
      return {
        en: `${what}: this user may not read or write it. Check its owner and its rights.`,
        ja: `${what}: このユーザーでは読み書きできません。所有者と権限を確認してください。`,
      };
    case 'EADDRINUSE':
      return {
        en: `port ${error.port} on ${error.address} is in use already. End what listens there, or choose another port.`,
        ja: `${error.address} のポート ${error.port} は使用中です。使っているプログラムを終了するか、別のポートを指定してください。`,
      };
    case 'EADDRNOTAVAIL':
      return {
        en: `this machine has no address ${error.address}. Listen on one of its own, or on 0.0.0.0 for all of them.`,
        ja: `このマシンにアドレス ${error.address} はありません。マシンのアドレスか、すべてを表す 0.0.0.0 を指定してください。`,
      };
    default:
      return null;
  }
}
