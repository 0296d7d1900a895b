import { databaseKinds } from '../support/databases.ts';
import { ledgerContract } from './ledger.contract.ts';

describe.each(databaseKinds)('the ledger on $kind', ({ start }) => ledgerContract(start));
