import type { ObjectDefinition } from './object-definition.ts';
import type { Row } from './record-store.ts';

type Get = (id: string) => Row | undefined;

/** What the service works out itself when a record is saved. Pure. */
export function derivedFields(object: ObjectDefinition, row: Row, get: Get): Row {
  switch (object.name) {
    case 'Task':
      return derivedTaskFields(row, get);
    case 'Case':
      return { IsClosed: row.Status === 'Closed' };
    case 'Opportunity':
      return derivedOpportunityFields(row);
    default:
      return object.fields.has('LastName') ? { Name: fullName(row) } : {};
  }
}

function derivedTaskFields(row: Row, get: Get): Row {
  const closed = row.Status === 'Completed';
  const who = typeof row.WhoId === 'string' ? get(row.WhoId) : undefined;
  const what = typeof row.WhatId === 'string' ? get(row.WhatId) : undefined;
  const account = what === undefined ? who?.AccountId : String(what.Id).startsWith('001') ? what.Id : what.AccountId;
  return {
    IsClosed: closed,
    IsHighPriority: row.Priority === 'High',
    CompletedDateTime: closed ? (row.CompletedDateTime ?? row.SystemModstamp ?? null) : null,
    AccountId: account ?? null,
  };
}

function derivedOpportunityFields(row: Row): Row {
  const won = row.StageName === 'Closed Won';
  return { IsWon: won, IsClosed: won || row.StageName === 'Closed Lost' };
}

/** The real service goes by the user's locale; an org for a demo in two languages shows each name in its own order. */
function fullName(row: Row): string {
  const last = String(row.LastName ?? '');
  const first = String(row.FirstName ?? '');
  if (first === '') return last;
  return /[\u3040-\u30ff\u3400-\u9fff]/.test(last + first) ? `${last} ${first}` : `${first} ${last}`;
}
