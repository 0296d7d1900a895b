import type { SeedRecord } from './seed.ts';

/** Who works in the sandbox org and whom it knows. Every name is invented; the numbers are written as people write them. */

const users: readonly SeedRecord[] = [
  {
    object: 'User',
    fields: {
      Username: 'toritsugi@example.com',
      LastName: '取次',
      FirstName: '連携',
      Email: 'toritsugi@example.com',
    },
  },
  {
    object: 'User',
    fields: {
      Username: 'sato@example.com',
      LastName: '佐藤',
      FirstName: '恵',
      Email: 'sato@example.com',
      Extension: '1001',
    },
  },
  {
    object: 'User',
    fields: {
      Username: 'tanaka@example.com',
      LastName: '田中',
      FirstName: '翔',
      Email: 'tanaka@example.com',
      Extension: '1002',
    },
  },
  {
    object: 'User',
    fields: {
      Username: 'ito@example.com',
      LastName: '伊東',
      FirstName: '葵',
      Email: 'ito@example.com',
      Extension: '1003',
    },
  },
];

const organization: SeedRecord = {
  object: 'Organization',
  fields: {
    Name: '取次デモ株式会社',
    InstanceName: 'AP99',
    IsSandbox: true,
    OrganizationType: 'Developer Edition',
    DefaultLocaleSidKey: 'ja_JP',
    TimeZoneSidKey: 'Asia/Tokyo',
  },
};

const accounts: readonly SeedRecord[] = [
  {
    object: 'Account',
    ref: 'yamada',
    fields: { Name: '株式会社山田製作所', Phone: '03-6200-1000', Industry: 'Manufacturing', Type: 'Customer - Direct' },
  },
  {
    object: 'Account',
    ref: 'osaka',
    fields: { Name: '大阪商事株式会社', Phone: '06-6789-0100', Industry: 'Retail', Type: 'Customer - Direct' },
  },
  { object: 'Account', ref: 'takahashi', fields: { Name: '高橋家', Type: 'Customer - Direct' } },
  { object: 'Account', ref: 'test', fields: { Name: '株式会社テスト', Phone: '03-1234-0000', Type: 'Prospect' } },
  {
    object: 'Account',
    ref: 'kumo',
    fields: { Name: 'くもそら企画合同会社', Phone: '0120-000-777', Website: 'https://example.jp', Type: 'Prospect' },
  },
  {
    object: 'Account',
    ref: 'minato',
    fields: { Name: '港みらい運送株式会社', Phone: '０４５－６００－１２３４', Type: 'Customer - Direct' },
  },
  {
    object: 'Account',
    ref: 'hokuto',
    fields: { Name: '北斗水産株式会社', Phone: '011-222-0303', Fax: '011-222-0304', Type: 'Customer - Channel' },
  },
];

const contacts: readonly SeedRecord[] = [
  contact('山田', '太郎', '@yamada', { Phone: '090-1234-5678', Title: '代表取締役', Email: 'taro.yamada@example.jp' }),
  contact('佐々木', '美咲', '@osaka', { Phone: '06-6789-0123', Department: '購買部', Email: 'misaki.sasaki@example.jp' }),
  contact('鈴木', '次郎', null, { MobilePhone: '080 1111 2222' }),
  contact('高橋', '一郎', '@takahashi', { HomePhone: '090-3333-4444' }),
  contact('高橋', '花子', '@takahashi', { MobilePhone: '090-3333-4444' }),
  contact('渡辺', '直子', null, { Phone: '+81 90 8888 9999' }),
  contact('小林', '誠', null, { Phone: '(090) 1111-0001' }),
  contact('中村', '由美', null, { Phone: '090-9999-0000' }),
  contact('加藤', '進', null, { Phone: '09077778888' }),
  contact('松本', '健二', '@kumo', { Phone: '0398765432', Title: '営業' }),
  contact('井上', 'さくら', '@minato', { Phone: '03-5555-1111 内線12', Department: '配車センター' }),
  contact('木村', '隆', '@hokuto', { Phone: '代表へ', Title: '工場長' }),
  contact('林', '真由美', '@hokuto', { Phone: '011(222)0303', MobilePhone: '０８０－５５５５－６６６６' }),
  contact('清水', '大輔', null, { Phone: '050-3333-7788' }),
  contact('山崎', '優', null, { Phone: '+81 (0)3-4567-8901' }),
  contact('池田', '千尋', '@osaka', { Phone: '06−6789−0124', OtherPhone: '0120-555-019' }),
  contact('橋本', '豊', null, { Phone: '0800-123-4567' }),
  contact('阿部', '恵美', null, { Phone: '090.2222.3333' }),
  contact('森', '俊介', null, { HomePhone: '0422-11-2233', Phone: ' 042 211 2234 ' }),
  contact('Smith', 'Jane', '@kumo', { Phone: '+1 415 555 2671', Email: 'jane.smith@example.com' }),
];

const leads: readonly SeedRecord[] = [
  {
    object: 'Lead',
    fields: { LastName: "O'Brien", FirstName: 'Pat', Company: "O'Brien & Co", Phone: '080-5555-0000', LeadSource: 'Web' },
  },
  {
    object: 'Lead',
    fields: { LastName: '藤田', FirstName: '学', Company: '藤田設備', Phone: '03 3456 7890', LeadSource: 'Phone Inquiry' },
  },
  {
    object: 'Lead',
    fields: { LastName: '岡田', FirstName: '彩', Company: '（個人）', MobilePhone: '（070）4444-5555', Rating: 'Hot' },
  },
];

function contact(LastName: string, FirstName: string, AccountId: string | null, further: SeedRecord['fields']): SeedRecord {
  return { object: 'Contact', fields: { LastName, FirstName, AccountId, ...further } };
}

export const defaultSeed: readonly SeedRecord[] = [organization, ...users, ...accounts, ...contacts, ...leads];
