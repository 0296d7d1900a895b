/** The customers a fresh sandbox begins with: numbers written in all the ways people write them. Names are invented. */

interface SeedCustomer {
  readonly name: string;
  readonly company: string;
  readonly phone: string;
  readonly mobile?: string;
  readonly lastOrder?: string;
  readonly rank?: 'A' | 'B' | 'C';
}

const CUSTOMERS: readonly SeedCustomer[] = [
  { name: '山田 太郎', company: '株式会社山田製作所', phone: '09012345678', lastOrder: '2026-11-02', rank: 'A' },
  { name: '佐々木 美咲', company: '大阪商事', phone: '（06）6789-0123', lastOrder: '2026-10-19', rank: 'A' },
  { name: '高橋 一郎', company: '', phone: '090-3333-4444', lastOrder: '2026-08-30', rank: 'B' },
  { name: '伊藤 健', company: '伊藤工務店', phone: '090-6666-7777', lastOrder: '2026-11-15', rank: 'A' },
  { name: '渡辺 直子', company: '', phone: '０９０－８８８８－９９９９', lastOrder: '2026-05-07', rank: 'C' },
  { name: '小林 誠', company: '小林印刷', phone: '090-1111-0001', lastOrder: '2026-09-12', rank: 'B' },
  { name: '株式会社テスト 営業部', company: '株式会社テスト', phone: '03-1234-0000', rank: 'B' },
  { name: '中村 由美', company: '中村生花店', phone: '090-9999-0000', lastOrder: '2026-11-20', rank: 'A' },
  { name: '加藤 進', company: '加藤運輸 本社', phone: '090-7777-8888', lastOrder: '2026-07-01', rank: 'B' },
  { name: '加藤 進', company: '加藤運輸 支店', phone: '090-7777-8888', lastOrder: '2026-07-22', rank: 'C' },
  { name: '松本 恵子', company: '松本商店', phone: '03-9876-5432', mobile: '080-2222-3333', lastOrder: '2026-10-05', rank: 'B' },
  { name: 'お客様相談室', company: '東都食品株式会社', phone: '0120-000-123' },
  { name: '井上 翔', company: 'アイネット合同会社', phone: '050-3333-1234', lastOrder: '2026-03-14', rank: 'C' },
  { name: '木村 拓也', company: '木村電機', phone: '03-5555-1111 内線12', rank: 'B' },
  { name: '斎藤 和子', company: '斎藤医院', phone: '代表へ', rank: 'C' },
  { name: '清水 亮', company: '清水建設工業', phone: '+81 52 123 4567', lastOrder: '2026-06-18', rank: 'A' },
  { name: '森 あかね', company: '', phone: '(0422)55-0199', mobile: '070 4444 5555', rank: 'C' },
  { name: '池田 大輔', company: '池田自動車', phone: '011.222.3344', lastOrder: '2026-01-29', rank: 'B' },
  { name: '橋本 優子', company: '橋本設計事務所', phone: '０７５（２２２）０１０１', rank: 'B' },
  { name: '石川 修', company: '石川酒造', phone: '0570-012-345', lastOrder: '2026-11-01', rank: 'A' },
  { name: '前田 香織', company: '', phone: '+81-(0)3-4444-5555', rank: 'C' },
  { name: "Anne O'Neill", company: 'Blue <Sky> & "Partners"', phone: '03 6666 7788', rank: 'B' },
];

export interface SeedRecord {
  readonly app: string;
  /** Plain values by field code. */
  readonly values: Readonly<Record<string, unknown>>;
}

export const DEFAULT_SEED: readonly SeedRecord[] = CUSTOMERS.map((customer, index) => ({
  app: '1',
  values: {
    顧客名: customer.name,
    会社名: customer.company,
    電話番号: customer.phone,
    携帯電話: customer.mobile ?? '',
    最終注文日: customer.lastOrder ?? null,
    顧客ランク: customer.rank ?? null,
    担当者: [{ code: index % 2 === 0 ? 'sato' : 'suzuki' }],
  },
}));
