import { type Columns, celEventNames, columnName } from './record-columns.ts';

/** Which column of a file is which. Asterisk's files have no head line: the customary forms are known by where things stand in them. */

export type RecordKind = 'cel' | 'cdr' | 'queueLog';

/** Names by position. */
export type Layout = readonly string[];

const cdrCsv =
  'accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,amaflags';
/** The sample of cdr_custom.conf. */
const cdrCustom =
  'clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield,sequence';
const celShort = 'eventtype,eventtime,num,name,exten,context,channame,appname,uniqueid,linkedid,peer';
/** The samples of cel_custom.conf: by dialplan functions, and by a list of fields. */
const celFunctions =
  'eventtype,eventtime,name,num,ani,rdnis,dnid,exten,context,channame,appname,appdata,amaflags,accountcode,uniqueid,linkedid,peer,userfield,userdeftype,extra';
const celFields =
  'eventtype,eventenum,userdeftype,literal,eventtime,name,num,ani,rdnis,dnid,exten,context,channame,appname,appdata,amaflags,accountcode,uniqueid,linkedid,peer,peeraccount,userfield,extra,tenantid';

const celLayouts = [celFields, celFunctions, `${celShort},extra`, celShort].map(layoutOfNames);
const cdrCsvLayout = layoutOfNames(cdrCsv);
const cdrCustomLayout = layoutOfNames(cdrCustom);

const uniqueId = /^(?:[\w.-]+-)?\d{9,11}\.\d+$/;
const dispositions = /^(?:ANSWERED|NO ANSWER|BUSY|FAILED|CONGESTION)$/;

export function layoutOfNames(names: string): Layout {
  return names.split(',').map((name) => columnName(name.trim()));
}

/** Null when a record shows none of the known forms of its kind. */
export function layoutOf(kind: RecordKind, record: readonly string[]): Layout | null {
  if (kind === 'cel') return celLayout(record);
  return kind === 'cdr' ? cdrLayout(record) : null;
}

function celLayout(record: readonly string[]): Layout | null {
  if (!celEventNames.has(record[0] ?? '')) return null;
  const fits = (layout: Layout) => {
    const [own, linked] = [layout.indexOf('uniqueid'), layout.indexOf('linkedid')];
    return record.length >= layout.length && [record[own], record[linked]].some((id) => uniqueId.test(id ?? ''));
  };
  return celLayouts.find(fits) ?? null;
}

function cdrLayout(record: readonly string[]): Layout | null {
  if (dispositions.test(record[13] ?? '') && !dispositions.test(record[14] ?? '')) return cdrCustomLayout;
  if (!dispositions.test(record[14] ?? '')) return null;
  const optional = record.slice(16);
  const has = { id: uniqueId.test(optional[0] ?? ''), newer: /^\d+$/.test(optional.at(-1) ?? '') && optional.length >= 3 };
  const left = optional.length - (has.newer ? 3 : 0) - (has.id ? 1 : 0);
  return [
    ...cdrCsvLayout,
    ...(has.id ? ['uniqueid'] : []),
    ...(left > 0 ? ['userfield'] : []),
    ...(has.newer ? ['peeraccount', 'linkedid', 'sequence'] : []),
  ];
}

export function columnsOf(layout: Layout, record: readonly string[]): Columns {
  const columns = new Map<string, string>();
  layout.forEach((name, position) => {
    const value = record[position];
    if (value !== undefined && name !== 'literal') columns.set(name, value);
  });
  return columns;
}
