/** Which column of a customer file is what: guessed from its first row, or as the admin says. Pure. */

/** Places in a row, from 0. */
export interface Columns {
  /** Joined by a space: 姓 and 名 are often two. */
  readonly name: readonly number[];
  readonly phones: readonly { readonly at: number; readonly header: string }[];
  /** Null: customers are told apart by name and numbers. */
  readonly key: number | null;
  readonly card: readonly { readonly at: number; readonly label: string }[];
}

/** Columns by their headers, as given on the command line; what is left out is guessed. */
export interface ColumnWishes {
  readonly name?: readonly string[];
  readonly phone?: readonly string[];
  readonly key?: string;
  readonly card?: readonly { readonly header: string; readonly label: string }[];
}

export type ColumnProblem =
  | { readonly kind: 'noSuchColumn'; readonly header: string; readonly headers: readonly string[] }
  | { readonly kind: 'noName' | 'noPhone'; readonly headers: readonly string[] };

const mostCardLines = 20;

const patterns = {
  name: /^(氏名|お?名前|お客様(名|氏名)|顧客(名|氏名)|会員名|契約者名?|ご?担当者?(名|氏名)?|氏名漢字|(full|contact|customer|client|person)?name)$/,
  familyName: /^(姓|苗字|名字|lastname|familyname|surname)$/,
  givenName: /^(名|firstname|givenname)$/,
  company:
    /^(会社|会社名|法人名|企業名|社名|勤務先(名)?|取引先(名)?|得意先(名)?|団体名|屋号|店名|company(name)?|account(name)?|organi[sz]ation(name)?)$/,
  phone: /電話|携帯|連絡先|でんわ|^(tel|phone|telephone|mobile|cell)|(tel|phone|mobile|cell)(番号|number|no)?\d*$/,
  notPhone: /fax|ファックス|ファクス|備考|メモ|種別|区分|時間|可否|メール|mail|note|type|time/,
  key: /^((顧客|お客様|会員|得意先|取引先|契約|管理|ユーザー?)(番号|no|id|コード|cd)|id|no|番号|コード|(customer|client|account|member|user)(id|no|number|code))$/,
  card: /^(会社|会社名|法人名|企業名|社名|勤務先|勤務先名|取引先|取引先名|得意先|得意先名|団体名|屋号|店名|部署|部署名|部門|所属|役職|役職名|職種|肩書|(e)?(メール|mail)(アドレス|address)?|住所\d*|所在地|都道府県|ランク|顧客ランク|区分|会員種別|最終(注文|購入|来店|利用)日|担当営業|営業担当(者)?|備考\d*|メモ|注意事項|company(name)?|account(name)?|organi[sz]ation(name)?|department|division|title|jobtitle|position|address|rank|remarks?|notes?|lastorder(date)?)$/,
} as const;

/** Problems instead of columns when something is missing or misspelt. */
export function chooseColumns(
  headers: readonly string[],
  wishes: ColumnWishes,
): { readonly columns: Columns; readonly problems: readonly [] } | { readonly problems: readonly ColumnProblem[] } {
  const problems: ColumnProblem[] = [];
  const find = (header: string): number[] => {
    const at = headers.findIndex((one) => one.trim() === header.trim() || plainHeader(one) === plainHeader(header));
    if (at < 0) problems.push({ kind: 'noSuchColumn', header, headers });
    return at < 0 ? [] : [at];
  };
  const plain = headers.map(plainHeader);
  const phoneColumns = wishes.phone?.flatMap(find) ?? guessPhones(plain);
  const name = wishes.name?.flatMap(find) ?? guessName(plain);
  const key = wishes.key === undefined ? guessKey(plain) : (find(wishes.key)[0] ?? null);
  const card = wishes.card?.flatMap(({ header, label }) => find(header).map((at) => ({ at, label })));
  if (problems.length === 0 && name.length === 0) problems.push({ kind: 'noName', headers });
  if (problems.length === 0 && phoneColumns.length === 0) problems.push({ kind: 'noPhone', headers });
  if (problems.length > 0) return { problems };
  const phones = phoneColumns.map((at) => ({ at, header: (headers[at] ?? '').trim() }));
  return { columns: { name, phones, key, card: card ?? guessCard(headers, [...name, ...phoneColumns]) }, problems: [] };
}

/** `会社名=会社,部署` → the card's lines. */
export function readCardWish(text: string): NonNullable<ColumnWishes['card']> {
  return readList(text).map((part) => {
    const [header = '', label = ''] = part.split('=', 2).map((piece) => piece.trim());
    return { header, label: label === '' ? header : label };
  });
}

export function readList(text: string): readonly string[] {
  return text
    .split(/[,、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Half width, small letters, nothing but letters and digits: `ＴＥＬ（携帯）` → `tel携帯`. */
function plainHeader(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function allOf(plain: readonly string[], pattern: RegExp): number[] {
  return plain.flatMap((header, at) => (pattern.test(header) ? [at] : []));
}

function guessPhones(plain: readonly string[]): number[] {
  return allOf(plain, patterns.phone).filter((at) => !patterns.notPhone.test(plain[at] ?? ''));
}

/** A person's name, or else the company's. */
function guessName(plain: readonly string[]): number[] {
  const [whole] = allOf(plain, patterns.name);
  if (whole !== undefined) return [whole];
  const [family] = allOf(plain, patterns.familyName);
  const [given] = allOf(plain, patterns.givenName);
  if (family !== undefined) return given === undefined ? [family] : [family, given];
  return allOf(plain, patterns.company).slice(0, 1);
}

function guessKey(plain: readonly string[]): number | null {
  return allOf(plain, patterns.key)[0] ?? null;
}

function guessCard(headers: readonly string[], taken: readonly number[]): Columns['card'] {
  return allOf(headers.map(plainHeader), patterns.card)
    .filter((at) => !taken.includes(at))
    .slice(0, mostCardLines)
    .map((at) => ({ at, label: (headers[at] ?? '').trim() }));
}
