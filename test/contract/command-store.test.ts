import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../support/databases.ts';
import { commandStoreContract } from './command-store.contract.ts';

describe.each(databaseKinds)('the memory of commands on $kind', ({ start }) => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());

  commandStoreContract(() => openFreshStore(databases));
});
