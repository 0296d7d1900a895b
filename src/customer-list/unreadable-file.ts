import type { InBothLanguages } from '../../connectors/connector.ts';

/** Why nothing of a file was imported; every text says what to do. */
const texts = {
  empty: {
    en: 'The file is empty.',
    ja: 'ファイルが空です。',
  },
  workbook: {
    en: 'This is an Excel workbook. In Excel choose Save As → "CSV UTF-8 (comma delimited)" and import that file.',
    ja: 'これは Excel ブックです。Excel の「名前を付けて保存」で「CSV UTF-8(コンマ区切り)」を選び、そのファイルを取り込んでください。',
  },
  encoding: {
    en: 'The file is neither UTF-8 nor Shift_JIS. Save it as "CSV UTF-8", or name its encoding with --encoding.',
    ja: 'ファイルは UTF-8 でも Shift_JIS でもありません。「CSV UTF-8」で保存し直すか、--encoding で文字コードを指定してください。',
  },
  form: {
    en: 'The file cannot be taken apart into rows: a quotation mark that is not closed, or a row longer than a megabyte.',
    ja: 'ファイルを行に分けられません。閉じていない引用符があるか、1 行が 1 MB を超えています。',
  },
  tooManyRows: {
    en: 'The file has more than two million rows. Split it; with --key the parts can be imported one after the other.',
    ja: 'ファイルが 200 万行を超えています。分割してください。--key を指定すれば順に取り込めます。',
  },
  changed: {
    en: 'The file changed while it was being read. Import it again when nobody writes to it.',
    ja: '読み込み中にファイルが変わりました。書き込みが終わってから、もう一度取り込んでください。',
  },
} as const;

export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  readonly told: InBothLanguages;

  constructor(why: keyof typeof texts, options?: ErrorOptions) {
    super(texts[why].en, options);
    this.told = texts[why];
  }
}
