/** The records to begin with. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkedValues } from './checked-values.ts';
import type { RecordStore } from './record-store.ts';

/** Bodies of records by object, as `POST` takes them. */
export type Seed = Readonly<Record<string, readonly unknown[]>>;

export const DEFAULT_SEED: Seed = {
  customers: [
    {
      name: '山田 太郎',
      kana: 'ヤマダ タロウ',
      phone: '03-1234-5678',
      mobile: '090-1234-5678',
      company: { name: '株式会社ミナト商事' },
      rank: 'A',
      last_order_on: '2026-10-02',
      owner: 'sato',
      email: 'yamada@minato.example',
    },
    { name: '鈴木 花子', kana: 'スズキ ハナコ', phone: '０６－６３４５－６７８９', company: { name: '浪速食品' }, rank: 'B' },
    { name: '田中 次郎', kana: 'タナカ ジロウ', mobile: '08011112222', rank: 'C', notes: '折り返しは午後' },
    { name: '高橋 健', kana: 'タカハシ ケン', phone: '(052) 987-6543', company: { name: '高橋製作所' }, rank: 'B' },
    { name: '高橋 誠', kana: 'タカハシ マコト', phone: '052-987-6543', company: { name: '高橋製作所' } },
    { name: 'Emily Clark', phone: '+81 3-5555-0100', company: { name: 'Clark & Sons' }, rank: 'A' },
  ],
};

/** `customers.json` and `calls.json` of a folder; a file that is not there is an empty list. @throws Error that names the file */
export async function readSeed(folder: string): Promise<Seed> {
  const seed: Record<string, readonly unknown[]> = {};
  for (const name of ['customers', 'calls']) {
    const file = path.join(folder, `${name}.json`);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '[]';
      throw error;
    });
    const records: unknown = JSON.parse(text);
    if (!Array.isArray(records)) throw new Error(`${file} must be an array of records.`);
    seed[name] = records;
  }
  return seed;
}

/** @throws Error with the service's own refusal */
export function plantSeed(stores: ReadonlyMap<string, RecordStore>, seed: Seed): void {
  const customers = stores.get('customers');
  for (const [name, store] of stores) {
    for (const body of seed[name] ?? []) {
      store.insert(checkedValues(body, store.object, true, (id) => customers?.has(id) === true));
    }
  }
}
