import { databaseKinds } from '../support/databases.ts';
import { blockedNumbersContract } from './blocked-numbers.contract.ts';

describe.each(databaseKinds)('the block list on $kind', ({ start }) => blockedNumbersContract(start));
