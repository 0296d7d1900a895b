/** What `directory import` says, in both languages. Pure. */

import type { InBothLanguages } from '../../connectors/connector.ts';
import { whyInWords } from '../callers/directory-report.ts';
import type { ColumnProblem } from '../customer-list/columns.ts';
import type { CustomerFile } from '../customer-list/read-customers.ts';
import { mostShown, type Remarks, type Survey } from '../customer-list/survey.ts';
import { words } from '../telephony/check-finding.ts';

const encodings = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16', shift_jis: 'Shift_JIS' } as const;
const separators = {
  ',': words('commas', 'カンマ'),
  '\t': words('tabs', 'タブ'),
  ';': words('semicolons', 'セミコロン'),
} as const;

/** Which column is taken for what. */
export function columnLines({ form, headers, columns }: CustomerFile): readonly InBothLanguages[] {
  const header = (at: number) => (headers[at] ?? '').trim();
  const phones = columns.phones.map((phone) => phone.header).join(', ');
  const card = columns.card.map(({ at, label }) => (label === header(at) ? label : `${header(at)}=${label}`)).join(', ');
  const used = [...columns.name, ...columns.phones.map(({ at }) => at), ...columns.card.map(({ at }) => at), columns.key ?? -1];
  const left = headers.flatMap((text, at) => (used.includes(at) || text.trim() === '' ? [] : [text.trim()]));
  const separator = separators[form.separator];
  return [
    words(`${encodings[form.encoding]}, separated by ${separator.en}`, `${encodings[form.encoding]}、区切りは${separator.ja}`),
    words(`  --name   ${columns.name.map(header).join(',')}`, `  --name   氏名      ← ${columns.name.map(header).join(' + ')}`),
    words(`  --phone  ${phones}`, `  --phone  電話番号  ← ${phones}`),
    columns.key === null
      ? words(
          '  --key    none: customers are told apart by name and numbers. With a customer number, name its column.',
          '  --key    キー      ← なし。氏名と電話番号で見分けます。顧客番号の列があれば指定してください。',
        )
      : words(`  --key    ${header(columns.key)}`, `  --key    キー      ← ${header(columns.key)}`),
    words(`  --card   ${card || 'none'}`, `  --card   カード    ← ${card || 'なし'}`),
    ...(left.length === 0 ? [] : [words(`  left out: ${left.join(', ')}`, `  使わない列: ${left.join(', ')}`)]),
  ];
}

/** What the import will do, and what is strange about the file. */
export function surveyLines(survey: Survey, { replace, restoreZeros }: ImportFlags): readonly InBothLanguages[] {
  const { rows, added, changed, same, notInFile } = survey;
  const gone = replace
    ? words(`remove ${notInFile}`, `削除 ${notInFile} 件`)
    : words(`keep ${notInFile} that the file does not name`, `ファイルにない ${notInFile} 件は残す`);
  return [
    words(
      `rows: ${rows}; add ${added}, change ${changed}, leave ${same} as they are, ${gone.en}`,
      `${rows} 行: 追加 ${added} 件、変更 ${changed} 件、変更なし ${same} 件、${gone.ja}`,
    ),
    ...lostZeroLines(survey, restoreZeros),
    ...remarkLines(
      survey.unreadable,
      (n) => words(`telephone numbers that cannot be read: ${n}`, `読み取れない電話番号: ${n} 件`),
      ({ row, column, raw, why }) => {
        const because = why === 'shortened' ? shortened : { en: whyInWords.en[why], ja: whyInWords.ja[why] };
        return words(
          `row ${row}, ${column}: ${JSON.stringify(raw)} (${because.en})`,
          `${row} 行目 ${column}: ${JSON.stringify(raw)} (${because.ja})`,
        );
      },
    ),
    ...remarkLines(
      survey.withoutNumber,
      (n) =>
        words(
          `rows without a usable number, left out because nobody can be recognised by them: ${n}`,
          `使える電話番号がなく、着信で見分けられないため取り込まない行: ${n} 行`,
        ),
      ({ row, name }) => words(`row ${row}: ${name}`, `${row} 行目: ${name}`),
    ),
    ...remarkLines(
      survey.duplicates,
      (n) => words(`rows that repeat a customer; the last one counts: ${n}`, `同じ顧客の行(最後の行を使います): ${n} 行`),
      ({ row, firstRow, name }) =>
        words(`row ${row}: ${name} (first in row ${firstRow})`, `${row} 行目: ${name}(最初は ${firstRow} 行目)`),
    ),
    ...(survey.sharedNumbers === 0
      ? []
      : [
          words(
            `numbers of more than one customer; the operator is asked who it is: ${survey.sharedNumbers}`,
            `複数の顧客にある番号(着信時にオペレーターが選びます): ${survey.sharedNumbers} 件`,
          ),
        ]),
  ];
}

export interface ImportFlags {
  readonly replace: boolean;
  readonly restoreZeros: boolean;
}

function lostZeroLines({ lostZeros }: Survey, restoreZeros: boolean): readonly InBothLanguages[] {
  const title = (n: number) =>
    restoreZeros
      ? words(`numbers that get back the zero they seem to have lost: ${n}`, `先頭の 0 が消えたと思われ、0 を補う番号: ${n} 件`)
      : words(
          `numbers that seem to have lost their first zero to Excel, left out unless you say --restore-zeros: ${n}`,
          `Excel で先頭の 0 が消えたと思われる番号(--restore-zeros を付けない限り取り込みません): ${n} 件`,
        );
  return remarkLines(lostZeros, title, ({ row, column, raw, guess }) =>
    words(`row ${row}, ${column}: ${raw} → ${guess}?`, `${row} 行目 ${column}: ${raw} → ${guess}?`),
  );
}

function remarkLines<Remark>(
  { count, shown }: Remarks<Remark>,
  title: (count: number) => InBothLanguages,
  line: (remark: Remark) => InBothLanguages,
): readonly InBothLanguages[] {
  if (count === 0) return [];
  const indented = shown.map(line).map(({ en, ja }) => words(`  ${en}`, `  ${ja}`));
  const rest = count - mostShown;
  return [title(count), ...indented, ...(rest > 0 ? [words(`  … and ${rest} more`, `  … ほか ${rest} 件`)] : [])];
}

const shortened = words(
  'Excel has shortened it and the last digits are lost: make the column as wide as the numbers, its format Text, and save again',
  'Excel が指数表示で保存し、下の桁が失われています。列の書式を「文字列」にして保存し直してください',
);

export function columnProblemLine(problem: ColumnProblem): InBothLanguages {
  const have = problem.headers.map((header) => header.trim()).join(', ');
  switch (problem.kind) {
    case 'noSuchColumn':
      return words(
        `There is no column "${problem.header}". The file has: ${have}`,
        `「${problem.header}」という列はありません。ファイルの列: ${have}`,
      );
    case 'noName':
      return words(
        `No column looks like a name. Say which it is with --name. The file has: ${have}`,
        `氏名らしい列がありません。--name で指定してください。ファイルの列: ${have}`,
      );
    case 'noPhone':
      return words(
        `No column looks like a telephone number. Say which they are with --phone. The file has: ${have}`,
        `電話番号らしい列がありません。--phone で指定してください。ファイルの列: ${have}`,
      );
  }
}
